"""HTTP on real servers: every mistake that nginx's configuration can express has its own name, and its good twin none."""
import os
import socket
import ssl
import threading
import unittest

from cases import ServerCase
from certificates import NAME, certificates
from program import tlsgauge
from servers import GnutlsServer, Nginx, Server, find_program, free_port

HSTS = Nginx.HSTS
TO_HTTPS = "return 301 https://$host$request_uri;"
GOOD = f'{HSTS}\nlocation = / {{ return 200 "fine\\n"; }}\nlocation / {{ return 404; }}'
WEB = ("hsts", "plain-http", "cookies", "http2", "headers")


class WebNginx(Nginx):
    """nginx with a server block for TLS and one without; `outside` is beside them. The access log tells requests and connections."""

    def __init__(self, inside=GOOD, plain=TO_HTTPS, outside="", listen="", names=("good",)):
        super().__init__(inside, names)
        self.plain, self.outside, self.listen, self.plain_port = plain, outside, listen, None

    def command(self):
        made = certificates()
        self.plain_port = free_port()
        shown = "".join(f"ssl_certificate {made.certificate(name)};\nssl_certificate_key {made.key(name)};\n" for name in self.names)
        temporary = "".join(f"{kind}_temp_path {self.folder}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        user = "user root;\n" if os.geteuid() == 0 else ""
        plain = f"server {{\nlisten 127.0.0.1:{self.plain_port};\n{self.plain}\n}}\n" if self.plain else ""
        (self.folder / "nginx.conf").write_text(f"""
{user}daemon off;
master_process off;
pid {self.folder}/pid;
error_log stderr warn;
events {{ worker_connections 512; }}
http {{
log_format requests '$server_port $connection "$request" $http_host "$http_user_agent"';
access_log {self.folder}/requests requests;
{temporary}
{self.outside.replace("FOLDER", str(self.folder))}
{plain}
server {{
listen 127.0.0.1:{self.port} ssl {self.listen};
{self.RECOMMENDED}
{shown}
{self.directives.replace("FOLDER", str(self.folder))}
}}
}}
""", encoding="utf-8")
        return [find_program("nginx"), "-e", "stderr", "-p", self.folder, "-c", self.folder / "nginx.conf"]

    def requests(self):
        """[(port, connection, request, host, user agent)]"""
        lines = (self.folder / "requests").read_text(encoding="utf-8").splitlines()
        return [(int(line.split()[0]), line.split()[1], *line.split('"')[1:2], line.split('"')[2].strip(), line.split('"')[3]) for line in lines]


class WebCase(ServerCase):
    def ask(self, server, *arguments):
        done = self.scan(server, "--only", "http,plain_http", "--http-port", str(server.plain_port), "-o", "json", *arguments)
        self.assertIn(done.code, (0, 1, 3), done.report())
        self.assertEqual(done.endpoint()["status"], "complete", done.report())
        self.assert_follows_schema(done.json())
        return done.endpoint()

    def unmet(self, endpoint):
        """Ids of unmet requirements about HTTP."""
        found = {each["id"]: each["verdict"] for each in endpoint["assessments"][0]["requirements"] if each["id"].startswith(WEB)}
        self.assertNotIn("inconclusive", found.values(), found)
        self.assertGreater(len(found), 10)
        return sorted(name for name, verdict in found.items() if verdict == "fail")

    def check(self, expected, **server):
        with WebNginx(**server) as nginx:
            endpoint = self.ask(nginx)
        self.assertEqual(self.unmet(endpoint), sorted(expected))
        return endpoint["facts"]


def page(directives="", beside="location / { return 404; }", first='return 200 "fine\\n";'):
    """A first page with directives of its own, in a server block with `beside`."""
    return f"location = / {{ {directives} {first} }}\n{beside}"


class Good(WebCase):
    def test_everything_is_met(self):
        with WebNginx(listen="http2") as server:
            done = self.scan(server, "--http-port", str(server.plain_port), "-o", "json")
            requests = server.requests()
        self.assertEqual(done.code, 0, done.report())
        endpoint = done.endpoint()
        self.assertEqual((endpoint["status"], endpoint["assessments"][0]["score"]), ("complete", 100))
        self.assertEqual(self.unmet(endpoint), [])
        self.assert_follows_schema(done.json())
        gets = [each for each in requests if "tlsgauge/" in each[4]]
        self.assertEqual([(each[0], each[2]) for each in gets],
                         [(server.port, "GET / HTTP/2.0"), (server.port, "GET /.well-known/tlsgauge-no-such-page HTTP/2.0"), (server.plain_port, "GET / HTTP/1.1")])
        self.assertEqual(gets[0][1], gets[1][1], "two requests, one connection")

    def test_facts(self):
        facts = self.check([], listen="http2")
        self.assertEqual((facts["http"]["version"], facts["http"]["http2"]), ("HTTP/2", {"offered": True, "works": True}))
        self.assertEqual((facts["http"]["cookies"], facts["http"]["obsolete"], facts["http"]["alt_svc"]), ([], [], None))
        self.assertEqual(facts["http"]["hsts_on_error"]["status"], 404)
        self.assertEqual(facts["plain_http"]["redirect"], f"https://{NAME}/")
        self.assertFalse(facts["hsts_preload"]["eligible"])

    def test_http11_on_one_connection(self):
        inside = f'{HSTS}\nlocation = / {{ return 302 /app?a=b; }}\nlocation = /app {{ return 200 "fine\\n"; }}\nlocation / {{ return 404; }}'
        with WebNginx(inside) as server:
            endpoint = self.ask(server)
            gets = [each for each in server.requests() if each[0] == server.port]
        self.assertEqual(self.unmet(endpoint), [])
        self.assertEqual(endpoint["facts"]["http"]["http2"], {"offered": False, "works": False})
        self.assertEqual([each[2] for each in gets],
                         ["GET / HTTP/1.1", "GET /app?a=b HTTP/1.1", "GET /.well-known/tlsgauge-no-such-page HTTP/1.1"])
        self.assertEqual(len({each[1] for each in gets}), 1)

    def test_no_plain_http(self):
        facts = self.check([], plain=None)
        self.assertEqual(facts["plain_http"], {"state": "closed"})

    def test_plain_http_is_not_asked_beside_another_port(self):
        with WebNginx() as server:
            done = self.scan(server, "--only", "http,plain_http", "-o", "json")
            self.assertEqual([each for each in server.requests() if each[0] == server.plain_port], [])
        self.assertNotIn("plain_http", done.endpoint()["facts"])
        self.assertEqual(self.unmet(done.endpoint()), [])

    def test_something_else_on_the_plain_port(self):
        with socket.create_server(("127.0.0.1", 0)) as listener:
            def greet():
                taken, _ = listener.accept()
                with taken:
                    taken.sendall(b"SSH-2.0-OpenSSH_9.2\r\n")
                    taken.recv(4096)
            thread = threading.Thread(target=greet, daemon=True)
            thread.start()
            with WebNginx() as server:
                server.plain_port = listener.getsockname()[1]
                facts = self.ask(server)["facts"]
            thread.join(5)
        self.assertEqual(facts["plain_http"], {"state": "open", "http": False})

    def test_twice_the_same(self):
        with WebNginx() as server:
            first, second = (self.ask(server)["facts"] for _ in range(2))
        self.assertEqual((first["http"], first["plain_http"]), (second["http"], second["plain_http"]))


class Hsts(WebCase):
    def test_absent(self):
        self.check(["hsts-present"], inside=page())

    def test_without_always(self):
        """nginx adds it to answers of 2xx and 3xx only."""
        facts = self.check(["hsts-on-error"], inside='add_header Strict-Transport-Security "max-age=63072000";\n' + page())
        self.assertEqual((facts["http"]["hsts"]["present"], facts["http"]["hsts_on_error"]["hsts"]["present"]), (True, False))

    def test_error_location_with_an_add_header_of_its_own(self):
        self.check(["hsts-on-error"], inside=f"{HSTS}\n" + page(beside='location / { add_header X-Own "1" always; return 404; }'))
        self.check([], inside=f"{HSTS}\n" + page(beside=f'location / {{ add_header X-Own "1" always; {HSTS} return 404; }}'))

    def test_first_page_with_an_add_header_of_its_own(self):
        self.check(["hsts-inherited", "hsts-present"], inside=f"{HSTS}\n" + page('add_header X-Own "1";'))
        self.check([], inside=f"{HSTS}\n" + page(f'add_header X-Own "1"; {HSTS}'))

    def test_behind_the_redirect(self):
        beside = 'location /app/ { %s return 200 "fine\\n"; }\nlocation / { return 404; }'
        self.check(["hsts-on-redirect"], inside=f"{HSTS}\n" + page(first="return 301 /app/;", beside=beside % 'add_header X-Own "1";'))
        self.check([], inside=f"{HSTS}\n" + page(first="return 301 /app/;", beside=beside % ""))

    def test_on_the_redirect(self):
        beside = 'location /app/ { return 200 "fine\\n"; }\nlocation / { return 404; }'
        self.check(["hsts-inherited", "hsts-on-redirect", "hsts-present"],
                   inside=f"{HSTS}\n" + page('add_header X-Own "1";', first="return 301 /app/;", beside=beside))

    def test_redirect_elsewhere_is_not_followed(self):
        facts = self.check([], inside=f"{HSTS}\n" + page(first="return 301 https://www.example.com/app/;"))
        self.assertIsNone(facts["http"]["hsts_behind_redirect"])

    def test_twice(self):
        facts = self.check(["hsts-once"], inside=f"{HSTS}\n{HSTS}\n" + page())
        self.assertEqual(facts["http"]["hsts"]["count"], 2)

    def test_twice_with_the_application_behind(self):
        backend = f'server {{ listen unix:FOLDER/backend; {HSTS} location = / {{ return 200 "fine\\n"; }} location / {{ return 404; }} }}'
        proxied = "location / { proxy_pass http://unix:FOLDER/backend; %s }"
        self.check(["hsts-once"], outside=backend, inside=f"{HSTS}\n" + proxied % "")
        self.check([], outside=backend, inside=f"{HSTS}\n" + proxied % "proxy_hide_header Strict-Transport-Security;")

    def test_invalid(self):
        for value in ("max-age=63072000 includeSubDomains", "max_age=63072000", "max-age=abc", "max-age=1; max-age=2", "includeSubDomains"):
            self.check(["hsts-syntax"], inside=f'add_header Strict-Transport-Security "{value}" always;\n' + page())

    def test_zero(self):
        self.check(["hsts-max-age", "hsts-not-zero"], inside='add_header Strict-Transport-Security "max-age=0" always;\n' + page())

    def test_short(self):
        self.check(["hsts-max-age"], inside='add_header Strict-Transport-Security "max-age=31536000" always;\n' + page())

    def test_preload(self):
        value = 'add_header Strict-Transport-Security "max-age=63072000; includeSubDomains; preload" always;\n'
        with WebNginx(value + page()) as server:
            reasons = self.ask(server)["facts"]["hsts_preload"]["reasons"]
            other = tlsgauge("scan", "--sni", "tlsgauge.test", "--only", "http,plain_http", "--http-port", str(server.plain_port), "-o", "json",
                             server.target)
        self.assertEqual(reasons, [f"{NAME} is no registrable domain, tlsgauge.test is"])
        self.assertEqual(other.endpoint()["facts"]["hsts_preload"], {"eligible": None, "reasons": ["the certificate was not asked for"]})


class Plain(WebCase):
    def test_no_redirect(self):
        facts = self.check(["plain-http-redirect"], plain='return 200 "hello\\n";')
        self.assertEqual((facts["plain_http"]["status"], facts["plain_http"]["redirects_to_https"]), (200, False))

    def test_to_another_host(self):
        facts = self.check(["plain-http-same-host"], plain="return 301 https://www.$host$request_uri;")
        self.assertEqual((facts["plain_http"]["redirects_to_https"], facts["plain_http"]["same_host"]), (True, False))

    def test_to_www_in_the_clear_first(self):
        self.check(["plain-http-redirect", "plain-http-same-host"], plain="return 301 http://www.$host$request_uri;")

    def test_to_another_path_in_the_clear(self):
        self.check(["plain-http-redirect"], plain="location = / { absolute_redirect off; return 302 /en/; }")

    def test_hsts(self):
        self.check(["plain-http-hsts"], plain=f"{HSTS}\n{TO_HTTPS}")

    def test_cookie(self):
        facts = self.check(["plain-http-cookies"], plain=f'add_header Set-Cookie "track=42";\n{TO_HTTPS}')
        self.assertEqual(facts["plain_http"]["cookies"], [{"name": "track", "secure": False, "http_only": False, "same_site": None}])


class Headers(WebCase):
    def test_cookie_without_secure(self):
        cookie = 'add_header Set-Cookie "sid=secret; HttpOnly; SameSite=Lax%s" always;\n'
        facts = self.check(["cookies-secure"], inside=HSTS + cookie % "" + page())
        self.assertEqual(facts["http"]["cookies"], [{"name": "sid", "secure": False, "http_only": True, "same_site": "lax"}])
        self.assertNotIn("secret", str(facts))
        self.check([], inside=HSTS + cookie % "; Secure" + page())

    def test_obsolete(self):
        for name, value in (("Public-Key-Pins", "max-age=5; pin-sha256=x"), ("Expect-CT", "max-age=1"), ("Public-Key-Pins-Report-Only", "x")):
            facts = self.check(["headers-obsolete"], inside=f'{HSTS}\nadd_header {name} "{value}";\n' + page())
            self.assertEqual(facts["http"]["obsolete"], [name.lower()])

    def test_alternative_service(self):
        facts = self.check([], inside=f"{HSTS}\nadd_header Alt-Svc 'h3=\":443\"; ma=86400';\n" + page())
        self.assertEqual(facts["http"]["alt_svc"], 'h3=":443"; ma=86400')

    def test_reports_say_it(self):
        inside = 'add_header Strict-Transport-Security "max-age=63072000";\nadd_header Set-Cookie "sid=1";\n' + page()
        with WebNginx(inside, plain='return 200 "hello\\n";') as server:
            arguments = ("--only", "http,plain_http", "--http-port", str(server.plain_port))
            text = self.scan(server, *arguments).out
            html = self.scan(server, *arguments, "-o", "html").out
        for words in ("HSTS on error page", "not set (404)", "sid: not Secure", "200, no redirect to HTTPS"):
            self.assertIn(words, text)
            self.assertIn(words, html)


class BrokenHttp2(Server):
    """Chooses h2 by ALPN and then speaks something else; answers in HTTP/1.1 who does not offer h2."""

    picks_port = False

    def __enter__(self):
        made = certificates()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(made.certificate("good"), made.key("good"))
        context.set_alpn_protocols(["h2", "http/1.1"])
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]

        def serve(raw):
            try:
                raw.settimeout(10)
                with context.wrap_socket(raw, server_side=True) as connection:
                    connection.recv(4096)
                    answer = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\nStrict-Transport-Security: max-age=63072000\r\n\r\n"
                    connection.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n" if connection.selected_alpn_protocol() == "h2" else answer)
                    while connection.recv(4096):
                        pass
            except OSError:
                pass

        def accept():
            while True:
                try:
                    raw, _ = self.listener.accept()
                except OSError:
                    return
                threading.Thread(target=serve, args=(raw,), daemon=True).start()
        threading.Thread(target=accept, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.listener.close()


class OtherServers(WebCase):
    def test_broken_http2(self):
        with BrokenHttp2() as server:
            done = self.scan(server, "--only", "http", "-o", "json")
        http = done.endpoint()["facts"]["http"]
        self.assertEqual((http.get("version"), http["http2"]["offered"], http["http2"]["works"]), ("HTTP/1.1", True, False), done.report())
        self.assertEqual(self.unmet(done.endpoint()), ["http2-works"])

    def test_without_rfc5746(self):
        with GnutlsServer("NORMAL:-VERS-ALL:+VERS-TLS1.2:%DISABLE_SAFE_RENEGOTIATION") as server:
            http = self.scan(server, "--only", "http", "-o", "json").endpoint()["facts"]["http"]
        self.assertEqual((http["spoken"], http["status"], http["version"]), (True, 200, "HTTP/1.0"))

    def test_limits_of_the_port(self):
        for port in ("0", "65536", "x"):
            done = tlsgauge("scan", "--http-port", port, "127.0.0.1:1")
            self.assertEqual(done.code, 2, done.report())


if __name__ == "__main__":
    unittest.main()
