package xmldoc_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/empowersuite/backend-installer/installer/document/syntax/syntaxtest"
	"github.com/empowersuite/backend-installer/installer/document/xmldoc"
)

// corpus are files in the manner of real ones.
func corpus() []syntaxtest.Sample {
	return []syntaxtest.Sample{
		{Name: "ASP.NET web.config", At: `/configuration/connectionStrings/add[@name="Default"]/@connectionString`, Old: `Server=db;User Id=app;Password="x y";`, Text: `<?xml version="1.0"?>
<configuration>
  <configSections>
    <section name="entra" type="Contoso.EntraSection, Contoso" requirePermission="false" />
  </configSections>
  <connectionStrings>
    <add name="Default" providerName="System.Data.SqlClient"
         connectionString="«Server=db;User Id=app;Password=&quot;x y&quot;;»" />
  </connectionStrings>
  <system.web>
    <compilation debug="false" targetFramework="4.8" />
    <machineKey validation="HMACSHA256" decryption="AES" />
  </system.web>
  <runtime>
    <assemblyBinding xmlns="urn:schemas-microsoft-com:asm.v1">
      <dependentAssembly>
        <assemblyIdentity name="Newtonsoft.Json" publicKeyToken="30ad4fe6b2a6aeed" culture="neutral" />
        <bindingRedirect oldVersion="0.0.0.0-13.0.0.0" newVersion="13.0.0.0" />
      </dependentAssembly>
    </assemblyBinding>
  </runtime>
</configuration>
`},
		{Name: "IIS rewrite rules", At: `/configuration/system.webServer/rewrite/rules/rule[@name='Proxy to <backend>']/action/@url`, Old: "http://localhost:5000/{R:1}", Text: `<configuration>
	<system.webServer>
		<rewrite>
			<rules>
				<rule name="Proxy to &lt;backend>" stopProcessing="true">
					<match url="^api/(.*)$" />
					<conditions logicalGrouping="MatchAll"><add input="{HTTPS}" pattern="^ON$" negate="false" /></conditions>
					<action type="Rewrite" url="«http://localhost:5000/{R:1}»" />
				</rule>
			</rules>
		</rewrite>
	</system.webServer>
</configuration>
`},
		{Name: "applicationSettings", At: `/configuration/applicationSettings/Contoso.Properties.Settings/setting[@name="ClientSecret"]/value`, Old: "abc", Text: `<?xml version="1.0" encoding="utf-8" ?>
<configuration>
    <applicationSettings>
        <Contoso.Properties.Settings>
            <setting name="TenantId" serializeAs="String">
                <value>t</value>
            </setting>
            <setting name="ClientSecret" serializeAs="String">
                <value>«abc»</value>
            </setting>
        </Contoso.Properties.Settings>
    </applicationSettings>
</configuration>`},
		{Name: "NLog", At: `/n:nlog/n:targets/n:target[@xsi:type="Network"]/@address`, Old: "tcp://logs:514", Text: `<n:nlog xmlns:n="http://www.nlog-project.org/schemas/NLog.xsd" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" autoReload="true">
  <!-- targets -->
  <n:targets async="true">
    <n:target xsi:type="File" name="f" fileName="${basedir}/x.log" layout="${longdate}|${level}|${message}" />
    <n:target xsi:type="Network" name='n' address='«tcp://logs:514»'/>
  </n:targets>
</n:nlog>
`},
		{Name: "log4net", At: `/log4net/appender[@name="Smtp"]/password/@value`, Old: "", Text: `<log4net debug="false">
  <appender name="Console" type="log4net.Appender.ConsoleAppender"><layout type="log4net.Layout.SimpleLayout"/></appender>
  <appender name="Smtp" type="log4net.Appender.SmtpAppender">
    <to value="ops@example.com"/>
    <password value="«»"/>
  </appender>
</log4net>
`},
		{Name: "NuGet.Config", At: `/configuration/packageSourceCredentials/Contoso_x0020_Feed/add[@key="ClearTextPassword"]/@value`, Old: "pat", Text: `<?xml version="1.0" encoding="utf-8"?>
<configuration>
  <packageSources>
    <clear />
    <add key="Contoso Feed" value="https://pkgs.example/v3/index.json" protocolVersion="3" />
  </packageSources>
  <packageSourceCredentials>
    <Contoso_x0020_Feed>
      <add key="Username" value="u" />
      <add key="ClearTextPassword" value="«pat»" />
    </Contoso_x0020_Feed>
  </packageSourceCredentials>
</configuration>
`},
		{Name: "Tomcat server.xml", At: "/Server/Service/Connector[@SSLEnabled='true']/SSLHostConfig/Certificate/@certificateKeystorePassword", Old: "changeit", Text: `<?xml version='1.0' encoding='utf-8'?>
<Server port="8005" shutdown="SHUTDOWN">
  <Service name="Catalina">
    <Connector port="8080" protocol="HTTP/1.1"
               connectionTimeout="20000"
               redirectPort="8443" />
    <!--
    <Connector port="8443" SSLEnabled="true"><SSLHostConfig><Certificate certificateKeystorePassword="decoy"/></SSLHostConfig></Connector>
    -->
    <Connector port="8443" SSLEnabled="true">
        <SSLHostConfig>
            <Certificate certificateKeystoreFile="conf/key.jks"
                         certificateKeystorePassword="«changeit»"
                         type="RSA" />
        </SSLHostConfig>
    </Connector>
  </Service>
</Server>
`},
		{Name: "Maven settings.xml", At: "/settings/servers/server[2]/password", Old: "{x}<&", Text: `<settings xmlns="http://maven.apache.org/SETTINGS/1.2.0">
  <servers>
    <server><id>a</id><username>u</username><password>p</password></server>
    <server><id>b</id><username>u</username><password>«<![CDATA[{x}<&]]>»</password></server>
  </servers>
</settings>
`},
		{Name: "Windows service wrapper", At: `/service/env[@name="CLIENT_SECRET"]/@value`, Old: "%X% $y ~z", Text: `<service>
  <id>backend</id>
  <executable>%BASE%\backend.exe</executable>
  <env name="CLIENT_ID" value="c"/>
  <env name="CLIENT_SECRET" value="«%X% $y ~z»"/>
  <log mode="roll-by-size"><sizeThreshold>10240</sizeThreshold></log>
</service>
`},
		{Name: "property list", At: "/plist/dict/dict/string[2]", Old: "s", Text: `<?xml version="1.0" encoding="UTF-8"?>
<plist version="1.0">
<dict>
	<key>Label</key>
	<string>example.backend</string>
	<key>EnvironmentVariables</key>
	<dict>
		<key>CLIENT_ID</key>
		<string>c</string>
		<key>CLIENT_SECRET</key>
		<string>«s»</string>
	</dict>
</dict>
</plist>
`},
	}
}

// variants are a sample with a byte order mark, CRLF, without final newline, and
// with tabs, each alone and all together.
func variants(s syntaxtest.Sample) []syntaxtest.Sample {
	all := []syntaxtest.Sample{s}
	together := s
	together.Name += ", all together"
	change := func(name string, f func(text string) string) {
		alone := s
		alone.Name += ", " + name
		alone.Text = f(s.Text)
		together.Text = f(together.Text)
		all = append(all, alone)
	}
	change("CRLF", func(text string) string { return strings.ReplaceAll(text, "\n", "\r\n") })
	change("no final newline", func(text string) string { return strings.TrimRight(text, "\r\n") })
	change("tabs", func(text string) string { return strings.ReplaceAll(text, "  ", "\t") })
	change("byte order mark", func(text string) string { return "\ufeff" + text })
	return append(all, together)
}

func TestRealisticFilesAreEdited(t *testing.T) {
	for _, s := range corpus() {
		syntaxtest.Run(t, xmldoc.Open, variants(s), controls)
	}
}

func TestRealisticFilesInUTF16AreEdited(t *testing.T) {
	for _, s := range corpus() {
		s.Text = strings.NewReplacer(`"utf-8"`, `"utf-16"`, `'utf-8'`, `'utf-16'`, `"UTF-8"`, `"UTF-16"`).Replace(s.Text)
		wide(t, s, false)
		wide(t, s, true)
	}
}

func TestEveryOtherValueOfARealisticFileStays(t *testing.T) {
	for _, s := range corpus() {
		out, err := syntaxtest.Set(xmldoc.Open, s.Source(), s.At, syntaxtest.Entra)
		if err != nil {
			t.Errorf("%s: %v", s.Name, err)
			continue
		}
		start, end := s.Span()
		want := append(append(bytes.Clone(s.Source()[:start]), syntaxtest.Entra...), s.Source()[end:]...)
		if s.Name == "Maven settings.xml" {
			want = bytes.Replace(want, []byte(syntaxtest.Entra), []byte("<![CDATA["+syntaxtest.Entra+"]]>"), 1)
		}
		if !bytes.Equal(out, want) {
			t.Errorf("%s: got %q, want %q", s.Name, out, want)
		}
	}
}
