package properties_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/empowersuite/backend-installer/installer/document/properties"
	"github.com/empowersuite/backend-installer/installer/document/syntax"
	"github.com/empowersuite/backend-installer/installer/document/syntax/syntaxtest"
)

// corpus are files in the manner of real ones.
func corpus() []syntaxtest.Sample {
	return []syntaxtest.Sample{
		{Name: "Spring with Entra ID", At: "spring.cloud.azure.active-directory.credential.client-secret", Old: "s~x.y_z", Text: `# ===================================================================
# Entra ID
# ===================================================================
spring.cloud.azure.active-directory.enabled=true
spring.cloud.azure.active-directory.profile.tenant-id=00000000-0000-0000-0000-000000000000
spring.cloud.azure.active-directory.credential.client-id=${CLIENT_ID}
spring.cloud.azure.active-directory.credential.client-secret=«s~x.y_z»
#spring.cloud.azure.active-directory.credential.client-secret=decoy

logging.level.root=WARN
logging.pattern.console=%d{HH:mm:ss} %-5level %logger{36} - %msg%n
`},
		{Name: "Spring with a list", At: "spring.security.oauth2.client.registration.azure.scope", Old: "openid,profile,email", Text: `spring.security.oauth2.client.registration.azure.client-id = c
spring.security.oauth2.client.registration.azure.scope = «openid,\
    profile,\
    email»
spring.security.oauth2.client.registration.azure.provider = azure
`},
		{Name: "Kafka", At: "sasl.jaas.config", Old: `org.apache.kafka.common.security.plain.PlainLoginModule required username="u" password="p";`, Text: `############################# Socket Server Settings #############################
listeners=SASL_SSL://:9093
num.network.threads=3
sasl.jaas.config=«org.apache.kafka.common.security.plain.PlainLoginModule required \
   username="u" \
   password="p";»
log.dirs=/tmp/kafka-logs
`},
		{Name: "log4j", At: "log4j.appender.SMTP.SMTPPassword", Old: "", Text: `log4j.rootLogger=INFO, A1
log4j.appender.A1=org.apache.log4j.ConsoleAppender
log4j.appender.A1.layout.ConversionPattern=%-4r [%t] %-5p %c %x - %m%n
log4j.appender.SMTP.SMTPPassword=«»
`},
		{Name: "Gradle", At: "signing.password", Old: "p", Text: `org.gradle.jvmargs=-Xmx2g -Dfile.encoding=UTF-8
systemProp.https.proxyHost=proxy.example
signing.keyId:1234
signing.password:«p»
signing.secretKeyRingFile:C\:\\Users\\u\\ring.gpg
`},
		{Name: "Keycloak", At: "db-password", Old: "a b", Text: `# Database

# The password of the database user.
db-password = «a b»
db-url=jdbc:postgresql://localhost/keycloak

# HTTP
https-certificate-file=${kc.home.dir}/conf/server.crt.pem
`},
		{Name: "SonarQube", At: "sonar.jdbc.password", Old: "x", Text: `#--------------------------------------------------------------------------------------------------
# DATABASE
#sonar.jdbc.username=
sonar.jdbc.password=«x»

#----- Oracle 19c/21c
#sonar.jdbc.url=jdbc:oracle:thin:@localhost:1521/XE
`},
		{Name: "written by Java", At: "greeting", Old: "Grüße: 100 %!", Text: `#Updated by Properties.store
#Mon Nov 23 17:00:00 UTC 2026
url=http\://host\:8080/a\#b
greeting=«Gr\u00FC\u00DFe\: 100 %\!»
path=C\:\\Program Files\\x
`},
		{Name: "translations", At: "login.failed", Old: "Anmeldung fehlgeschlagen: {0}", Text: `! Deutsch
login.title   = Anmeldung
login.failed  = «Anmeldung fehlgeschlagen: {0}»
login.hint    = Passwort f\u00fcr ''{0}''
`},
		{Name: "blanks for a separator", At: "client.secret", Old: "old", Text: `client.id       abc
client.secret   «old»
client.tenant   xyz
`},
	}
}

// variants are a sample with other line ends and the like, each alone and all
// together.
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
	change("indented", func(text string) string { return strings.ReplaceAll("\t"+text, "\n", "\n \f") })
	change("CRLF", func(text string) string { return strings.ReplaceAll(text, "\n", "\r\n") })
	change("CR", func(text string) string {
		return strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\r"), "\n", "\r")
	})
	change("no final newline", func(text string) string { return strings.TrimRight(text, "\r\n \f") })
	change("not UTF-8", func(text string) string { return "#\xfc\n" + text })
	return append(all, together)
}

func TestRealisticFilesAreEdited(t *testing.T) {
	for _, s := range corpus() {
		syntaxtest.Run(t, properties.Open, variants(s), expressions)
	}
}

func TestEveryOtherByteOfARealisticFileStays(t *testing.T) {
	for _, s := range corpus() {
		out, err := syntaxtest.Set(properties.Open, s.Source(), s.At, syntaxtest.Entra)
		if err != nil {
			t.Errorf("%s: %v", s.Name, err)
			continue
		}
		start, end := s.Span()
		want := append(append(bytes.Clone(s.Source()[:start]), syntaxtest.Entra...), s.Source()[end:]...)
		if !bytes.Equal(out, want) {
			t.Errorf("%s: got %q, want %q", s.Name, out, want)
		}
	}
}

func TestKeysAreAddedToRealisticFiles(t *testing.T) {
	for _, s := range corpus() {
		for _, v := range variants(s) {
			prefix := s.At[:strings.LastIndexAny(s.At, ".-eg")+1]
			at := prefix + "added"
			out, err := syntaxtest.Add(properties.Open, v.Source(), at, syntaxtest.Entra)
			if err != nil {
				t.Errorf("%s: %v", v.Name, err)
				continue
			}
			if got, err := syntaxtest.Get(properties.Open, out, at); err != nil || got != syntaxtest.Entra {
				t.Errorf("%s: reads %q, %v from %q", v.Name, got, err, out)
			}
			if got, err := syntaxtest.Get(properties.Open, out, s.At); err != nil || got != s.Old {
				t.Errorf("%s: another value reads %q, %v from %q", v.Name, got, err, out)
			}
		}
	}
}

func TestSeveralEditsAreVerifiedAtOnce(t *testing.T) {
	src := []byte("a = 1\nx=\nc: 3\\\n 4\nd\n")
	f, err := properties.Open(src)
	if err != nil {
		t.Fatal(err)
	}
	var edits []syntax.Edit
	for _, at := range []string{"a", "c", "d"} {
		v, err := f.Find(at)
		if err != nil {
			t.Fatal(err)
		}
		e, err := f.Replace(v, " new "+at)
		if err != nil {
			t.Fatal(err)
		}
		edits = append(edits, e)
	}
	out := syntax.Applied(src, edits)
	if want := "a = \\ new a\nx=\nc: \\ new c\nd=\\ new d\n"; string(out) != want {
		t.Errorf("got %q, want %q", out, want)
	}
	if err := f.Verify(out, edits); err != nil {
		t.Error(err)
	}
	if err := f.Verify(out, edits[1:]); syntaxtest.KindOf(err) != syntax.Verify {
		t.Errorf("one edit more than asked for: %v", err)
	}
}
