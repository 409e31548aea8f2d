package xmldoc_test

import (
	"strings"

	"github.com/empowersuite/backend-installer/installer/document/syntax/syntaxtest"
)

const webConfig = `<?xml version="1.0" encoding="utf-8"?>
<!-- <add key="ClientSecret" value="decoy" /> -->
<configuration xmlns:xdt="http://schemas.example/xdt">
  <location path="." inheritInChildApplications="false">
    <system.webServer>
      <handlers>
        <add name="aspNetCore" path="*" verb="*" modules="AspNetCoreModuleV2" />
      </handlers>
      <aspNetCore processPath="dotnet"
                  arguments=".\backend.dll"
                  stdoutLogEnabled='false'>
        <environmentVariables>
          <environmentVariable name="ASPNETCORE_ENVIRONMENT" value="Production" />
          <environmentVariable name="AzureAd__ClientSecret" value="«s3cret &amp; &lt;x&gt; &#65;&#x42;»" />
        </environmentVariables>
      </aspNetCore>
    </system.webServer>
  </location>
</configuration>
`

const webSecret = `/configuration/location/system.webServer/aspNetCore/environmentVariables/environmentVariable[@name="AzureAd__ClientSecret"]/@value`

const appConfig = `<configuration>
	<appSettings>
		<clear/>
		<add key='TenantId' value='t'/>
		<add key='ClientSecret' value='«old "quoted" &apos;»'/>
		<!-- <add key='ClientSecret' value='decoy'/> -->
	</appSettings>
	<connectionStrings><add name="ClientSecret" connectionString="x"/></connectionStrings>
</configuration>`

const appSecret = `/configuration/appSettings/add[@key="ClientSecret"]/@value`

func samples() []syntaxtest.Sample {
	crlf := func(text string) string { return strings.ReplaceAll(text, "\n", "\r\n") }
	return []syntaxtest.Sample{
		{Name: "web.config", At: webSecret, Text: webConfig, Old: "s3cret & <x> AB"},
		{Name: "web.config CRLF", At: webSecret, Text: crlf(webConfig), Old: "s3cret & <x> AB"},
		{Name: "web.config BOM", At: webSecret, Text: "\ufeff" + webConfig, Old: "s3cret & <x> AB"},
		{Name: "web.config BOM CRLF", At: webSecret, Text: "\ufeff" + crlf(webConfig), Old: "s3cret & <x> AB"},
		{Name: "app.config", At: appSecret, Text: appConfig, Old: `old "quoted" '`},
		{Name: "by position", At: "/configuration/appSettings/add[2]/@value", Text: appConfig, Old: `old "quoted" '`},
		{Name: "by position everywhere", At: "/configuration[1]/appSettings[1]/add[2]/@value", Text: appConfig, Old: `old "quoted" '`},
		{Name: "by attribute, then position", At: `/configuration/appSettings/add[@key='ClientSecret'][1]/@value`, Text: appConfig, Old: `old "quoted" '`},
		{Name: "position among what is left", At: `/a/b[@x="1"][2]/@v`, Text: `<a><b x="1" v="a"/><b x="2" v="b"/><b x="1" v="«c»"/></a>`, Old: "c"},
		{Name: "two attributes", At: `/a/b[@x="1"][@y='2']/@v`, Text: `<a><b x="1" y="1" v="a"/><b v="«»" y="2" x="1"/></a>`, Old: ""},
		{Name: "attribute asked for is another's", At: `/a/b/@v`, Text: `<a><b/><b v="«1»"/></a>`, Old: "1"},
		{Name: "value with brackets and slashes", At: `/a/b[@x="]/@v[1]"]/@v`, Text: `<a><b x="]/@v[1]" v="«1»"/></a>`, Old: "1"},
		{Name: "condition with an entity", At: `/a/b[@x="<&'"]/@v`, Text: `<a><b x="&lt;&amp;&#39;" v='«1»'/></a>`, Old: "1"},
		{Name: "mixed line ends", At: "/a/b", Text: "<a>\r\n\n<b>«x»</b>\r</a>\r\n", Old: "x"},
		{Name: "text", At: "/a/b", Text: "<a><b>«x &amp; y»</b></a>", Old: "x & y"},
		{Name: "text with blanks and lines", At: "/a/b", Text: "<a><b>«\r\n  x\t\r  »</b></a>\n", Old: "\n  x\t\n  "},
		{Name: "empty text", At: "/a/b", Text: "<a><b>«»</b></a>", Old: ""},
		{Name: "empty element", At: "/a/b", Text: "<a><b«/>»</a>", Old: ""},
		{Name: "empty element with a blank", At: "/a/b", Text: "<a><b c=\"d\"« />»</a>", Old: ""},
		{Name: "root text", At: "/a", Text: "<a>«x»</a>", Old: "x"},
		{Name: "root alone", At: "/a", Text: "<a«/>»", Old: ""},
		{Name: "CDATA", At: "/a/b", Text: "<a><b>«<![CDATA[x & <y> &amp; \r\n]]>»</b></a>", Old: "x & <y> &amp; \n"},
		{Name: "empty CDATA", At: "/a/b", Text: "<a><b>«<![CDATA[]]>»</b></a>", Old: ""},
		{Name: "CDATA within text", At: "/a/b", Text: "<a><b>«x <![CDATA[<y>]]>&#10;z»</b></a>", Old: "x <y>\nz"},
		{Name: "literal blanks in an attribute", At: "/a/@b", Text: "<a b='«x\ty\r\nz\nw\rv&#9;u&#xA;&#13;»'/>", Old: "x y z w v\tu\n\r"},
		{Name: "blanks around =", At: "/a/@b", Text: "<a c='' b = \n '«x»' />", Old: "x"},
		{Name: "prefix", At: "/x:a/x:b/@y:c", Text: "<x:a xmlns:x='u' xmlns:y='v'><x:b y:c='«1»'/></x:a>", Old: "1"},
		{Name: "namespaces", At: "/a/b", Text: "<a xmlns='u'><b xmlns=''>«1»</b></a>", Old: "1"},
		{Name: "case matters", At: "/a/b", Text: "<a><B>decoy</B><b>«1»</b></a>", Old: "1"},
		{Name: "decoys", At: "/a/b/@c", Text: "<?pi <a><b c='x'/>?><!-- <a><b c='x'> --><a><![CDATA[<b c='x'/>]]><b c='«1»'/><c><b c='x'/></c></a><!-- - -->", Old: "1"},
		{Name: "no final newline", At: "/a/b", Text: "<?xml version='1.0'?><a><b>«1»</b></a>", Old: "1"},
		{Name: "non-ASCII", At: "/größe/@ключ", Text: "<größe ключ='«漢😀»'/>", Old: "漢😀"},
		{Name: "ISO-8859-1", At: "/gr\u00f6\u00dfe/a[@n='ä']/@b", Text: "<?xml version='1.0' encoding='ISO-8859-1'?><gr\xf6\xdfe><!-- \xe4 --><a n='\xe4' b='«\xfc»'/></gr\xf6\xdfe>", Old: "ü"},
		{Name: "Windows-1252", At: "/a", Text: "<?xml version=\"1.0\" encoding=\"windows-1252\" standalone='yes' ?>\r\n<a>«\x80\x92»</a>", Old: "€’"},
		{Name: "US-ASCII", At: "/a", Text: "<?xml version='1.0' encoding='us-ascii'?><a>«x»</a>", Old: "x"},
		{Name: "condition on what is changed", At: `/a/b[2]/@v`, Text: `<a><b v="1"/><b v="«1»"/></a>`, Old: "1"},
		{Name: "configSource elsewhere", At: "/configuration/appSettings/add/@value", Text: "<configuration><connectionStrings configSource='c.config'/><appSettings><add value='«1»'/></appSettings></configuration>", Old: "1"},
		{Name: "file of another element", At: "/log/file/@file", Text: "<log><file file='«x»'/></log>", Old: "x"},
	}
}

// controls are what XML 1.0 cannot hold.
func controls(_ syntaxtest.Sample, value string) bool {
	return strings.ContainsAny(value, "\x00\x01\x1b")
}
