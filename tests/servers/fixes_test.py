"""The lines that a profile says mend a server do: put into real servers they are accepted, and then what they are for is met.

Each bad server is scanned with every shipped profile. The lines of all unmet requirements replace the bad lines of the same directive, the
server is started with them and scanned again. What configuration cannot mend on this machine is listed by hand, with the reason.
"""
import fnmatch
import re
import unittest

from cases import ServerCase
from program import ROOT
from servers import Apache, Haproxy, Nginx

PROFILES = sorted(path.stem for path in (ROOT / "profiles").glob("*.yaml"))

# (profile, requirement): why no line of a configuration mends it here.
ALWAYS = {
    ("*", "certificate-*"): "needs another certificate",
    ("*", "group-post-quantum"): "needs OpenSSL 3.5",
    ("*", "group-hybrid"): "needs OpenSSL 3.5",
    ("post-quantum-ready", "*"): "needs OpenSSL 3.5",
    ("cnsa-2.0", "group*"): "needs OpenSSL 3.5",
    ("cnsa-2.0", "signatures*"): "needs OpenSSL 3.5",
    ("ncsc-nl-2025-05", "group-good"): "needs OpenSSL 3.5",
    ("strict", "group-x25519mlkem768"): "needs OpenSSL 3.5",
    ("strict", "hsts-preload-eligible"): "there is no port for plain HTTP that redirects, and no registrable name",
    ("mozilla-old", "protocols-old"): "OpenSSL 3 needs @SECLEVEL=0, as the lines say, which this test does not add",
    ("rfc9325", "server-name-unknown"): "needs a server block, or a word of the bind line; httpd has nothing for it",
}
SUITES = "AES128-SHA:AES256-SHA256:CAMELLIA128-SHA:ECDHE-RSA-AES128-SHA:ECDHE-RSA-AES128-GCM-SHA256:@SECLEVEL=0"
TLS12_SUITES = "AES128-SHA:ECDHE-RSA-AES256-SHA384:ECDHE-RSA-CAMELLIA256-SHA384"


def is_excepted(profile, requirement, more):
    return any(fnmatch.fnmatchcase(profile, each[0]) and fnmatch.fnmatchcase(requirement, each[1]) for each in {**ALWAYS, **more})


def replace_line(lines, key_of, line):
    """The lines with this one in the place of those with the same key."""
    key = key_of(line)
    return [each for each in lines if key_of(each) != key] + [line]


def without_comment(line):
    """nginx and HAProxy take a comment behind a directive; httpd does not, hence its lines are left as they are."""
    return re.sub(r"\s+#.*$", "", line)


class NginxFixes:
    name = "nginx"
    servers = {
        "old": ["ssl_protocols TLSv1 TLSv1.1 TLSv1.2 TLSv1.3;", f"ssl_ciphers {SUITES};", "ssl_prefer_server_ciphers on;",
                "ssl_conf_command Ciphersuites TLS_AES_128_CCM_8_SHA256:TLS_AES_128_GCM_SHA256;", "ssl_ecdh_curve X448:secp521r1:X25519;", "ssl_early_data on;"],
        "without TLS 1.3": ["ssl_protocols TLSv1.2;", f"ssl_ciphers {TLS12_SUITES};", 'add_header Strict-Transport-Security "max-age=1";'],
    }
    exceptions = {}

    @staticmethod
    def key(line):
        words = line.rstrip(";").split()
        return tuple(words[:2] if words[0] in ("ssl_conf_command", "add_header") else words[:1])

    @staticmethod
    def usable(line):
        return not line.startswith(("#", "ssl_certificate", "ssl_dhparam", "return ", "proxy_"))

    def make(self, lines):
        return Nginx("\n".join(lines) + "\n")

    def apply(self, lines, fix):
        return replace_line(lines, self.key, without_comment(fix))


class ApacheFixes:
    name = "apache"
    servers = {
        "old": ["SSLProtocol all", f"SSLCipherSuite {SUITES}", "SSLHonorCipherOrder on", "SSLCipherSuite TLSv1.3 TLS_AES_128_CCM_8_SHA256:TLS_AES_128_GCM_SHA256",
                "SSLOpenSSLConfCmd Curves X448:secp521r1:X25519"],
        "without TLS 1.3": ["SSLProtocol TLSv1.2", f"SSLCipherSuite {TLS12_SUITES}", 'Header set Strict-Transport-Security "max-age=1"'],
    }
    exceptions = {}

    @staticmethod
    def key(line):
        words = line.split()
        if words[0] == "Header":
            return ("Header", next(word for word in words if "-" in word).lower())
        if words[0] == "SSLOpenSSLConfCmd":
            return tuple(words[:2])
        if words[0] == "SSLCipherSuite":
            return ("SSLCipherSuite", words[1] if len(words) > 2 else "")
        return tuple(words[:1])

    @staticmethod
    def usable(line):
        return not line.startswith(("#", "SSLCertificate", "Redirect", "SSLStaplingCache"))

    def make(self, lines):
        return Apache("\n".join(lines))

    def apply(self, lines, fix):
        return replace_line(lines, self.key, fix)


class HaproxyFixes:
    name = "haproxy"
    servers = {
        "old": ["ssl-default-bind-options ssl-min-ver TLSv1.0", f"ssl-default-bind-ciphers {SUITES}",
                "ssl-default-bind-ciphersuites TLS_AES_128_CCM_8_SHA256:TLS_AES_128_GCM_SHA256", "ssl-default-bind-curves X448:P-521:X25519"],
        "without TLS 1.3": ["ssl-default-bind-options ssl-max-ver TLSv1.2", f"ssl-default-bind-ciphers {TLS12_SUITES}",
                            'http-response set-header Strict-Transport-Security "max-age=1"'],
    }
    exceptions = {("*", "signatures-*"): "needs HAProxy 2.8", ("ncsc-nl-2025-05", "hash-*"): "needs HAProxy 2.8"}

    @staticmethod
    def key(line):
        words = line.split()
        if words[0].startswith("http-"):
            return ("header", words[2].lower())
        return tuple(words[:2] if words[0] == "ssl-default-bind-options" else words[:1])

    @staticmethod
    def usable(line):
        return not line.startswith(("#", "bind ", "http-request ", "ssl-dh-param-file"))

    def make(self, lines):
        rules = [line for line in lines if line.startswith("http-")]
        return Haproxy(options="\n".join(line for line in lines if line not in rules), rules="\n".join(rules))

    def apply(self, lines, fix):
        """Options that are set one by one add up, so that each takes the place of itself alone."""
        words = without_comment(fix).split()
        if words[0] != "ssl-default-bind-options":
            return replace_line(lines, self.key, without_comment(fix))
        options = []
        for word in words[1:]:
            if options and options[-1] in ("ssl-min-ver", "ssl-max-ver"):
                options[-1] += " " + word
            else:
                options.append(word)
        for option in options:
            lines = replace_line(lines, self.key, f"ssl-default-bind-options {option}")
        return lines


def unmet_with_fixes(assessment):
    """[(requirement, {server: text})]"""
    return [(each["id"], {fix["server"]: fix["text"] for fix in each["fix"]}) for each in assessment["requirements"] if each["verdict"] == "fail"]


class FixesCase:
    """Mixed into a ServerCase."""

    fixes = None

    def judge(self, server, profiles):
        arguments = [word for profile in profiles for word in ("-p", profile)]
        done = self.scan(server, *arguments, "-o", "json", "--fail-on", "never", limit=300)
        self.assertIn(done.code, (0, 1, 3), done.report())
        return {each["profile"]["name"]: each for each in done.endpoint()["assessments"]}

    def with_fixes(self, lines, assessment):
        lines = list(lines)
        for _, texts in unmet_with_fixes(assessment):
            for line in texts.get(self.fixes.name, "").splitlines():
                if line.strip() and self.fixes.usable(line.strip()):
                    lines = self.fixes.apply(lines, line.strip())
        return tuple(lines)

    def check(self, bad):
        """{profile: requirements that were not met before}. What is mended can bring out more, a version that was off for one."""
        todo = {tuple(self.fixes.servers[bad]): PROFILES}
        before = {}
        for turn in range(3):
            following = {}
            for lines, profiles in todo.items():
                with self.subTest(profiles), self.fixes.make(lines) as server:
                    found = self.judge(server, profiles)
                    for profile in profiles:
                        left = [name for name, _ in unmet_with_fixes(found[profile])]
                        before.setdefault(profile, left)
                        with_fixes = self.with_fixes(lines, found[profile])
                        left = [name for name in left if not is_excepted(profile, name, self.fixes.exceptions)]
                        if left and turn < 2 and with_fixes != lines:
                            following.setdefault(with_fixes, []).append(profile)
                        else:
                            self.assertEqual(left, [], f"{profile}: {lines}")
            todo = following
        self.assertEqual(sorted(before), PROFILES)
        return before

    def test_old(self):
        before = self.check("old")
        for profile in ("nginx-recommended", "mozilla-intermediate", "rfc9325"):
            self.assertGreater(len(before[profile]), 5, "the server is not as bad as the test takes it for")

    def test_without_tls13(self):
        self.assertIn("protocol-tls13", self.check("without TLS 1.3")["nginx-recommended"])


class OfNginx(FixesCase, ServerCase):
    fixes = NginxFixes()


class OfApache(FixesCase, ServerCase):
    fixes = ApacheFixes()


class OfHaproxy(FixesCase, ServerCase):
    fixes = HaproxyFixes()


if __name__ == "__main__":
    unittest.main()
