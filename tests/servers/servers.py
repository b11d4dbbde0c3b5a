"""Real servers on loopback, each a context manager: started on entering, stopped by its own process id on leaving.

A server that this machine cannot run raises unittest.SkipTest with the reason.
"""
import ctypes
import os
import pathlib
import shutil
import signal
import socket
import ssl
import subprocess
import tempfile
import time
import unittest

from certificates import NAME, certificates, run

HERE = pathlib.Path(__file__).resolve().parent
OPENSSL35 = HERE.parents[1] / "build/openssl35/openssl"
LIBC = ctypes.CDLL(None, use_errno=True)
PR_SET_PDEATHSIG = 1
START_LIMIT = 60.0


def die_with_parent():
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def free_port():
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


def find_program(name):
    path = shutil.which(name) or shutil.which(name, path="/usr/sbin:/sbin")
    if not path:
        raise unittest.SkipTest(f"{name} is not installed")
    return path


class Server:
    """A process with a folder and a log of its own. Subclasses give `command()` and, where the log tells the port, `port_in_log()`."""

    def __init__(self):
        self.port = None
        self.process = None
        self.folder = None
        self.keep = False

    def command(self):
        raise NotImplementedError

    def port_in_log(self, _text):
        """The port that the server says it listens on, or None when it listens where it was told to."""
        return None

    picks_port = False

    @property
    def address(self):
        return ("127.0.0.1", self.port)

    @property
    def target(self):
        return f"127.0.0.1:{self.port}"

    def log(self):
        return (self.folder / "log").read_text(encoding="utf-8", errors="replace")

    def __enter__(self):
        for attempt in range(3):
            self.folder = pathlib.Path(tempfile.mkdtemp(prefix="tlsgauge-server-"))
            try:
                self._start()
                return self
            except RuntimeError:
                # Another process may have taken the free port in between.
                self.stop()
                if attempt == 2 or self.picks_port:
                    raise
            except BaseException:
                self.stop()
                raise
        raise AssertionError("unreachable")

    def _start(self):
        self.port = None if self.picks_port else free_port()
        with open(self.folder / "log", "wb") as log:
            self.process = subprocess.Popen([str(part) for part in self.command()], stdin=subprocess.DEVNULL, stdout=log,
                                            stderr=subprocess.STDOUT, cwd=self.folder, preexec_fn=die_with_parent)
        end = time.monotonic() + START_LIMIT
        while time.monotonic() < end:
            if self.process.poll() is not None:
                raise RuntimeError(f"{type(self).__name__} ended at once: {self.log()[-2000:]}")
            if self._accepts():
                return
            time.sleep(0.02)
        raise RuntimeError(f"{type(self).__name__} does not accept connections: {self.log()[-2000:]}")

    def _accepts(self):
        if self.picks_port:
            self.port = self.port_in_log(self.log())
            return self.port is not None
        try:
            socket.create_connection(self.address, timeout=1).close()
            return True
        except OSError:
            return False

    def stop(self):
        """Ends the process; may be called again."""
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(timeout=5)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.process = None

    def __exit__(self, kind, _value, _trace):
        """Ends the process. The folder and its log stay when a test failed or the server ended by itself."""
        alive = self.process is None or self.process.poll() is None
        self.stop()
        if kind is None and alive and not self.keep:
            shutil.rmtree(self.folder, ignore_errors=True)
        else:
            print(f"{type(self).__name__}: log kept in {self.folder}/log", flush=True)


class Nginx(Server):
    """nginx with one TLS server block; `directives` go into it."""

    HSTS = 'add_header Strict-Transport-Security "max-age=63072000" always;'
    RECOMMENDED = """ssl_protocols TLSv1.2 TLSv1.3;
ssl_ciphers ECDHE-RSA-AES256-GCM-SHA384:ECDHE-RSA-CHACHA20-POLY1305;
ssl_conf_command Ciphersuites TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256;
"""
    INTERMEDIATE = """ssl_protocols TLSv1.2 TLSv1.3;
ssl_ciphers ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:\
ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305:DHE-RSA-AES128-GCM-SHA256:DHE-RSA-AES256-GCM-SHA384:DHE-RSA-CHACHA20-POLY1305;
ssl_prefer_server_ciphers off;
"""

    def __init__(self, directives, names=("good",)):
        super().__init__()
        self.directives = directives
        self.names = names

    def configuration(self):
        """The text of the file that nginx is started with."""
        made = certificates()
        shown = "".join(f"ssl_certificate {made.certificate(name)};\nssl_certificate_key {made.key(name)};\n" for name in self.names)
        temporary = "".join(f"{kind}_temp_path {self.folder}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        user = "user root;\n" if os.geteuid() == 0 else ""
        return f"""
{user}daemon off;
master_process off;
pid {self.folder}/pid;
error_log stderr warn;
events {{ worker_connections 512; }}
http {{
access_log off;
{temporary}
server {{
listen 127.0.0.1:{self.port} ssl;
{shown}
{self.directives}
location / {{ return 200 "fine\\n"; }}
}}
}}
"""

    def command(self):
        (self.folder / "nginx.conf").write_text(self.configuration(), encoding="utf-8")
        return [find_program("nginx"), "-e", "stderr", "-p", self.folder, "-c", self.folder / "nginx.conf"]


class Apache(Server):
    """Apache httpd with one TLS virtual host; `directives` go into it, `outside` stands before it."""

    HSTS = 'Header always set Strict-Transport-Security "max-age=63072000"'
    MODULES = pathlib.Path("/usr/lib/apache2/modules")
    LOADED = ("mpm_event", "authz_core", "dir", "alias", "rewrite", "setenvif", "socache_shmcb", "headers", "ssl", "http2")

    def __init__(self, directives, names=("good",), outside="", loaded=LOADED):
        super().__init__()
        self.directives, self.names, self.outside, self.loaded = directives, names, outside, loaded

    def configuration(self):
        """The text of the file that httpd is started with."""
        made = certificates()
        modules = "".join(f"LoadModule {name}_module {self.MODULES}/mod_{name}.so\n" for name in self.loaded)
        shown = "".join(f"SSLCertificateFile {made.certificate(name)}\nSSLCertificateKeyFile {made.key(name)}\n" for name in self.names)
        return f"""ServerRoot {self.folder}
PidFile {self.folder}/pid
DefaultRuntimeDir {self.folder}
ServerName {NAME}
{modules}ErrorLog /dev/stderr
LogLevel warn
DocumentRoot {self.folder}/pages
Listen 127.0.0.1:{self.port}
DirectoryIndex index.html
{self.outside}
<VirtualHost 127.0.0.1:{self.port}>
SSLEngine on
{shown}{self.directives}
</VirtualHost>
"""

    def _accepts(self):
        """httpd opens its port before it looks at the lists of OpenSSL, and may still end; it answers once it has started."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        try:
            with socket.create_connection(self.address, timeout=0.5) as sock, context.wrap_socket(sock):
                return True
        except ssl.SSLEOFError:
            return False
        except ssl.SSLError:
            return True  # an alert
        except OSError:
            return False

    def command(self):
        (self.folder / "pages").mkdir(exist_ok=True)
        (self.folder / "pages/index.html").write_text("fine\n", encoding="utf-8")
        os.chmod(self.folder, 0o755)  # httpd's children are another user
        (self.folder / "httpd.conf").write_text(self.configuration(), encoding="utf-8")
        program = find_program("apache2")
        if not self.MODULES.is_dir():
            raise unittest.SkipTest(f"{self.MODULES} is not there")
        return [program, "-X", "-f", self.folder / "httpd.conf"]


class Haproxy(Server):
    """HAProxy with one frontend; `bind` goes behind "ssl crt ...", `options` into global, `rules` into the frontend. A server of HAProxy's
    own stands behind it, whose answers http-response rules see: 200 for "/", 404 for the rest."""

    HSTS = 'http-after-response set-header Strict-Transport-Security "max-age=63072000"'

    def __init__(self, bind="", options="", rules="", names=("good",)):
        super().__init__()
        self.bind, self.options, self.rules, self.names = bind, options, rules, names

    def configuration(self):
        """The text of the file that HAProxy is started with."""
        made = certificates()
        shown = ""
        for name in self.names:
            path = self.folder / f"{name}.pem"
            path.write_text(pathlib.Path(made.certificate(name)).read_text() + pathlib.Path(made.key(name)).read_text(), encoding="utf-8")
            shown += f" crt {path}"
        return f"""global
    log stderr format raw daemon err
{self.options}
defaults
    mode http
    timeout client 10s
    timeout server 10s
    timeout connect 10s
frontend front
    bind 127.0.0.1:{self.port} ssl{shown} {self.bind}
{self.rules}
    default_backend back
backend back
    server behind unix@{self.folder}/behind
listen behind
    bind unix@{self.folder}/behind
    http-request return status 200 content-type text/plain string fine if {{ path / }}
    http-request return status 404
"""

    def command(self):
        (self.folder / "haproxy.cfg").write_text(self.configuration(), encoding="utf-8")
        return [find_program("haproxy"), "-db", "-f", self.folder / "haproxy.cfg"]


class OpensslServer(Server):
    """`openssl s_server`; serves one connection after the other."""

    picks_port = True

    def __init__(self, *arguments, names=("good",), program="openssl", www=True):
        super().__init__()
        self.arguments, self.names, self.program, self.www = arguments, names, program, www

    def command(self):
        made = certificates()
        shown = []
        for prefix, name in zip(("-", "-d"), self.names):
            shown += [f"{prefix}cert", made.certificate(name), f"{prefix}key", made.key(name)]
        return [find_program(self.program), "s_server", "-accept", "127.0.0.1:0", *(["-www"] if self.www else []),
                *(shown or ["-nocert"]), *self.arguments]

    def port_in_log(self, text):
        for line in text.splitlines():
            if line.startswith("ACCEPT "):
                return int(line.rsplit(":", 1)[1])
        return None


def openssl35():
    """The program of OpenSSL 3.5; fetched on the first call."""
    done = subprocess.run([HERE.parents[1] / "tools/fetch_openssl35.sh"], capture_output=True, text=True, check=False, timeout=300)
    if done.returncode == 3:
        raise unittest.SkipTest(done.stderr.strip().splitlines()[-1])
    if done.returncode != 0:
        raise RuntimeError(f"tools/fetch_openssl35.sh: {done.stderr.strip()[-1000:]}")
    return str(OPENSSL35)


class GnutlsServer(Server):
    def __init__(self, priority, *arguments, names=("good",)):
        super().__init__()
        self.priority, self.arguments, self.names = priority, arguments, names

    def command(self):
        made = certificates()
        shown = []
        for name in self.names:
            shown += ["--x509certfile", made.certificate(name), "--x509keyfile", made.key(name)]
        return [find_program("gnutls-serv"), "--http", "--quiet", "--port", self.port, "--disable-client-cert", f"--priority={self.priority}",
                *shown, *self.arguments]


class NssServer(Server):
    """NSS's `selfserv`, with an RSA and an ECDSA certificate."""

    def __init__(self, *arguments):
        super().__init__()
        self.arguments = arguments

    def command(self):
        database, made = f"sql:{self.folder}/database", certificates()
        (self.folder / "database").mkdir()
        run(find_program("certutil"), "-N", "-d", database, "--empty-password")
        for name in ("good", "good-ecdsa"):
            run(find_program("pk12util"), "-i", made.pkcs12(name), "-d", database, "-W", "changeit", "-K", "")
        return [find_program("selfserv"), "-d", database, "-p", self.port, "-n", "good", "-e", "good-ecdsa", *self.arguments]


class JavaServer(Server):
    """JSSE with nothing disabled: every protocol and suite that this Java still has code for. `properties` are Java's."""

    picks_port = True

    def __init__(self, *properties, names=("good", "good-ecdsa", "good-dsa")):
        super().__init__()
        self.properties, self.names = properties, names

    def command(self):
        made = certificates()
        (self.folder / "security.properties").write_text(
            "jdk.tls.disabledAlgorithms=\njdk.certpath.disabledAlgorithms=\njdk.tls.legacyAlgorithms=\njdk.jar.disabledAlgorithms=\n", encoding="utf-8")
        stores = [made.pkcs12(name) for name in self.names]
        return [find_program("java"), "-Xmx512m", f"-Djava.security.properties={self.folder}/security.properties",
                "-Djdk.tls.ephemeralDHKeySize=legacy", *(f"-D{each}" for each in self.properties), HERE / "JsseServer.java", *stores]

    def port_in_log(self, text):
        for line in text.splitlines():
            if line.startswith("PORT "):
                return int(line.split()[1])
        return None
