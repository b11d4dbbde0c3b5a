"""A test CA and the certificates that servers in the tests show, made by the openssl command."""
import atexit
import datetime
import os
import pathlib
import shutil
import subprocess
import tempfile

NAME = "server.tlsgauge.test"
OTHER_NAME = "other.tlsgauge.test"
HOSTILE_NAME = "<script>alert(1)</script>"
FOLDER_VARIABLE = "TLSGAUGE_TEST_CERTIFICATES"

CA_CONFIG = """
[ca]
default_ca = here
[here]
database = {folder}/index.txt
new_certs_dir = {folder}
rand_serial = yes
unique_subject = no
default_md = sha256
policy = any
[any]
commonName = supplied
"""
DH_1024 = """\
-----BEGIN DH PARAMETERS-----
MIGHAoGBAKzd89xSbCH6TlvKuNeWnRdZzwlFugREia/5+X76uaa7dWbfGeNRzJZg
bL6xgct2SUP3cBNN38Pfsj7aEEuEJ+EzGZ9ba6iTNNnDvxF51IpBD9I9wyhq7wJG
8PjKskBEgo+wB5/S9EZG4YmF1sMqE8eG+rm2FeWTTpLbmPsFb37vAgEC
-----END DH PARAMETERS-----
"""
LEAF = """
basicConstraints = critical, CA:false
keyUsage = critical, digitalSignature, keyEncipherment, keyAgreement
extendedKeyUsage = serverAuth
subjectAltName = DNS:{name}
"""
AUTHORITY = "basicConstraints = critical, CA:true\nkeyUsage = critical, keyCertSign, cRLSign\n"


def run(*command, text=""):
    done = subprocess.run([str(part) for part in command], input=text, capture_output=True, text=True, check=False, timeout=120,
                          env={**os.environ, "OPENSSL_CONF": "/dev/null"})
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(map(str, command))}: {done.stderr.strip()[-600:]}")
    return done.stdout


class Certificates:
    """Files NAME.pem and NAME.key in a folder; ca.pem is the anchor that tests trust."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)

    def certificate(self, name):
        return str(self.folder / f"{name}.pem")

    def key(self, name):
        return str(self.folder / f"{name}.key")

    @property
    def ca(self):
        return self.certificate("ca")

    @property
    def dh1024(self):
        return str(self.folder / "dh1024.pem")

    def make_all(self):
        (self.folder / "index.txt").write_text("", encoding="utf-8")
        (self.folder / "ca.conf").write_text(CA_CONFIG.format(folder=self.folder), encoding="utf-8")
        run("openssl", "genrsa", "-out", self.key("rsa-leaf"), "2048")
        run("openssl", "ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", self.key("ecdsa-leaf"))
        run("openssl", "dsaparam", "-genkey", "-out", self.key("dsa-leaf"), "1024")
        run("openssl", "genpkey", "-algorithm", "ED25519", "-out", self.key("ed25519-leaf"))
        run("openssl", "genpkey", "-algorithm", "RSA-PSS", "-pkeyopt", "rsa_keygen_bits:2048", "-out", self.key("rsa-pss-leaf"))
        (self.folder / "dh1024.pem").write_text(DH_1024, encoding="utf-8")
        for authority in ("ca", "untrusted-ca"):
            run("openssl", "genrsa", "-out", self.key(authority), "2048")
            self._sign(authority, self.key(authority), f"tlsgauge tests {authority}", AUTHORITY, signer=None, days=(-900, 900))
        self._leaf("good", "rsa-leaf")
        self._leaf("good-ecdsa", "ecdsa-leaf", common_name=f"{NAME} with ECDSA")  # NSS wants one subject a nickname
        self._leaf("good-dsa", "dsa-leaf")
        self._leaf("good-ed25519", "ed25519-leaf")
        self._leaf("good-rsa-pss", "rsa-pss-leaf")
        self._leaf("expired", "rsa-leaf", days=(-60, -3))
        self._leaf("wrong-host", "rsa-leaf", host=OTHER_NAME)
        self._leaf("untrusted", "rsa-leaf", signer="untrusted-ca")
        self._leaf("hostile", "rsa-leaf", common_name=HOSTILE_NAME, host=f"{NAME}, DNS:{HOSTILE_NAME}")
        self._leaf("self-signed", "rsa-leaf", signer=None)
        (self.folder / "both.pem").write_text(pathlib.Path(self.certificate("good")).read_text() + pathlib.Path(self.ca).read_text())

    def _leaf(self, name, key, **details):
        shutil.copy(self.key(key), self.key(name))
        self._sign(name, self.key(key), details.pop("common_name", NAME), LEAF.format(name=details.pop("host", NAME)),
                   details.pop("signer", "ca"), details.pop("days", (-1, 89)), details.pop("digest", "sha256"))

    def _sign(self, name, key, subject, extensions, signer, days, digest="sha256"):
        request, extension_file = self.folder / f"{name}.csr", self.folder / f"{name}.ext"
        escaped = subject.replace("\\", "\\\\").replace("/", "\\/")
        extension_file.write_text(extensions, encoding="utf-8")
        config = self.folder / "req.conf"
        config.write_text("[req]\ndistinguished_name = dn\nstring_mask = utf8only\n[dn]\n", encoding="utf-8")
        run("openssl", "req", "-new", "-utf8", "-config", config, "-key", key, "-subj", f"/CN={escaped}", "-out", request)
        moments = [(datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=day)).strftime("%Y%m%d%H%M%SZ") for day in days]
        issuer = ["-selfsign", "-keyfile", key] if signer is None else ["-keyfile", self.key(signer), "-cert", self.certificate(signer)]
        run("openssl", "ca", "-batch", "-notext", "-utf8", "-config", self.folder / "ca.conf", "-in", request, "-out", self.certificate(name),
            "-md", digest, "-extfile", extension_file, "-startdate", moments[0], "-enddate", moments[1], "-preserveDN", *issuer)

    def rsa(self, bits, digest="sha256"):
        """The name of a certificate like "good" with an RSA key of that size, signed over that hash."""
        name = f"rsa-{bits}-{digest}"
        if not os.path.exists(self.certificate(name)):
            run("openssl", "genrsa", "-out", self.key(f"{name}-leaf"), str(bits))
            self._leaf(name, f"{name}-leaf", digest=digest)
        return name

    def self_signed(self, algorithm, openssl="openssl"):
        """The name of a self-signed certificate with a key of this algorithm, or on this curve, by an OpenSSL that can."""
        name = f"self-{algorithm}"
        if not os.path.exists(self.certificate(name)):
            kind = [algorithm] if algorithm.startswith(("ED", "ML-DSA")) else ["EC", "-pkeyopt", f"ec_paramgen_curve:{algorithm}", "-pkeyopt",
                                                                               "ec_param_enc:named_curve"]
            run(openssl, "genpkey", "-algorithm", *kind, "-out", self.key(name))
            run(openssl, "req", "-x509", "-config", self.folder / "req.conf", "-key", self.key(name), "-subj", f"/CN={NAME}", "-days", "30",
                "-addext", f"subjectAltName=DNS:{NAME}", "-out", self.certificate(name))
        return name

    def gost(self):
        """As self_signed, with a key of GOST R 34.10-2012, by GnuTLS."""
        if not os.path.exists(self.certificate("gost")):
            template = self.folder / "gost.cfg"
            template.write_text(f"cn = {NAME}\ndns_name = {NAME}\nexpiration_days = 30\nsigning_key\ntls_www_server\n", encoding="utf-8")
            run("certtool", "--generate-privkey", "--key-type=gost12-256", "--outfile", self.key("gost"))
            run("certtool", "--generate-self-signed", "--load-privkey", self.key("gost"), "--template", template, "--outfile", self.certificate("gost"))
        return "gost"

    def public_key(self, name):
        path = self.folder / f"{name}.pub"
        run("openssl", "pkey", "-in", self.key(name), "-pubout", "-out", path)
        return str(path)

    def users(self, kind):
        """A file of users as SRP and PSK servers read them; each knows "tlsgauge"."""
        path = self.folder / f"users-{kind}"
        if kind == "gnutls-psk":
            path.write_text("tlsgauge:0011223344556677\n", encoding="utf-8")
        elif kind == "openssl-srp":
            path.write_text("", encoding="utf-8")
            run("openssl", "srp", "-srpvfile", path, "-add", "-gn", "2048", "-passout", "pass:secret", "-userinfo", "test", "tlsgauge")
        elif kind == "gnutls-srp":
            run("srptool", "--create-conf", f"{path}.conf")
            run("srptool", "--username", "tlsgauge", "--passwd", path, "--passwd-conf", f"{path}.conf", text="secret\n")
        else:
            raise ValueError(kind)
        return str(path)

    def pkcs12(self, name):
        path = self.folder / f"{name}.p12"
        if not path.exists():
            run("openssl", "pkcs12", "-export", "-in", self.certificate(name), "-inkey", self.key(name), "-name", name, "-passout",
                "pass:changeit", "-out", path)
        return str(path)


_made = None


def certificates():
    """The certificates of this run: of the folder that run.py made, or fresh ones."""
    global _made
    if _made is None:
        folder = os.environ.get(FOLDER_VARIABLE)
        if not folder:
            folder = tempfile.mkdtemp(prefix="tlsgauge-certificates-")
            atexit.register(shutil.rmtree, folder, ignore_errors=True)
        _made = Certificates(folder)
        if not os.path.exists(_made.ca):
            _made.make_all()
    return _made
