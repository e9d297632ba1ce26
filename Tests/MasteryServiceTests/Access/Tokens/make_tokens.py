"""Makes tokens.json: tokens from implementations of JOSE other than the service's own.

Good tokens are signed by PyJWT and jwcrypto. Hostile ones are built byte by byte with hmac and cryptography, since no library
makes them. The keys are generated anew in each run, and only their public halves are kept.

    pip install pyjwt jwcrypto cryptography && python3 make_tokens.py > tokens.json
"""

import base64
import hashlib
import hmac
import json

import jwt
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from jwcrypto import jwk, jws

NOW = 1_773_576_000  # 2026-03-15T12:00:00Z, the clock of the tests
FAR = 4_102_444_800  # 2100-01-01
SECRET = "a secret of the tests, long enough for HS256"
ISSUER, AUDIENCE = "https://issuer.example", "mastery-engine"


def b64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def text(value):
    return value if isinstance(value, bytes) else value.encode() if isinstance(value, str) else json.dumps(value).encode()


rsa_one = rsa.generate_private_key(65537, 2048)
rsa_two = rsa.generate_private_key(65537, 2048)
rsa_small = rsa.generate_private_key(65537, 1024)
rsa_strange = rsa.generate_private_key(65537, 2048)
ec_one = ec.generate_private_key(ec.SECP256R1())
ec_wide = ec.generate_private_key(ec.SECP384R1())


def public(key, kid, **more):
    made = jwk.JWK.from_pyca(key.public_key()).export_public(as_dict=True)
    made["kid"] = kid
    made.update(more)
    return made


jwks = {
    "keys": [
        public(rsa_one, "rsa-1", use="sig", alg="RS256"),
        public(rsa_two, "rsa-2", use="sig"),
        public(rsa_small, "rsa-small"),
        public(rsa_strange, "for-encryption", use="enc"),
        public(ec_one, "ec-1", use="sig", alg="ES256"),
        public(ec_wide, "ec-wide"),
        {"kty": "oct", "kid": "shared", "k": b64(b"a key that should never have been here")},
        {"kty": "OKP", "crv": "Ed25519", "x": b64(bytes(32)), "kid": "ed"},
        {"kty": "RSA", "kid": "broken", "n": "!", "e": "AQAB"},
    ]
}


def claims(**more):
    made = {"sub": "s-1", "role": "student", "exp": FAR, "iss": ISSUER, "aud": AUDIENCE}
    made.update(more)
    return {name: value for name, value in made.items() if value is not None}


def without(name):
    made = claims()
    del made[name]
    return made


def hs(header, payload, secret=SECRET):
    signed = b64(text(header)) + "." + b64(text(payload))
    return signed + "." + b64(hmac.new(text(secret), signed.encode(), hashlib.sha256).digest())


def rs(header, payload, key, scheme="RS256", digest=hashes.SHA256()):
    signed = b64(text(header)) + "." + b64(text(payload))
    pads = padding.PKCS1v15() if scheme.startswith("RS") else padding.PSS(padding.MGF1(digest), digest.digest_size)
    return signed + "." + b64(key.sign(signed.encode(), pads, digest))


def es(header, payload, key, der=False, digest=hashes.SHA256(), size=32):
    signed = b64(text(header)) + "." + b64(text(payload))
    signature = key.sign(signed.encode(), ec.ECDSA(digest))
    if not der:
        signature = b"".join(part.to_bytes(size, "big") for part in decode_dss_signature(signature))
    return signed + "." + b64(signature)


HS = {"alg": "HS256", "typ": "JWT"}
good = {}
# Claims that other issuers add, and that do not keep the rest from being read.
tolerated = {}
bad = {}

# Good ones, made by libraries.
good["HS256 by PyJWT"] = jwt.encode(claims(), SECRET, "HS256")
good["HS256 with a kid"] = jwt.encode(claims(), SECRET, "HS256", headers={"kid": "whatever"})
good["RS256 by PyJWT"] = jwt.encode(claims(), rsa_one, "RS256", headers={"kid": "rsa-1"})
good["PS256 by PyJWT"] = jwt.encode(claims(), rsa_two, "PS256", headers={"kid": "rsa-2"})
good["RS256 by a key for any algorithm"] = jwt.encode(claims(), rsa_two, "RS256", headers={"kid": "rsa-2"})
good["ES256 by PyJWT"] = jwt.encode(claims(), ec_one, "ES256", headers={"kid": "ec-1"})
good["ES256 without a kid, by the only key of its kind"] = jwt.encode(claims(), ec_one, "ES256")
for name, key, kid in [("RS256", rsa_one, "rsa-1"), ("PS256", rsa_two, "rsa-2"), ("ES256", ec_one, "ec-1")]:
    made = jws.JWS(json.dumps(claims()))
    made.add_signature(jwk.JWK.from_pyca(key), None, json.dumps({"alg": name, "kid": kid}))
    good[name + " by jwcrypto"] = made.serialize(compact=True)
made = jws.JWS(json.dumps(claims()))
made.add_signature(jwk.JWK(kty="oct", k=b64(SECRET.encode())), None, json.dumps({"alg": "HS256"}))
good["HS256 by jwcrypto"] = made.serialize(compact=True)
good["one audience of several"] = jwt.encode(claims(aud=["other", AUDIENCE]), SECRET, "HS256")
good["ended 29 seconds ago"] = jwt.encode(claims(exp=NOW - 29), SECRET, "HS256")
good["good from 29 seconds ahead"] = jwt.encode(claims(nbf=NOW + 29), SECRET, "HS256")
good["a fraction of a second"] = hs(HS, claims(exp=NOW + 0.5))
good["another typ"] = jwt.encode(claims(), SECRET, "HS256", headers={"typ": "at+jwt"})
good["claims that nobody knows"] = jwt.encode(claims(scope="a b", email="x@example.com", nested={"role": "admin"}), SECRET, "HS256")
good["spaces and escapes in its JSON"] = hs('{ "alg" : "HS\\u0032\\u0035\\u0036" }', json.dumps(claims(), indent=4))

# The algorithm.
for name in ["none", "None", "NONE", "nOnE"]:
    bad["alg " + name] = b64(text({"alg": name})) + "." + b64(text(claims())) + "."
bad["alg none with a signature"] = hs({"alg": "none"}, claims())
bad["alg missing"] = hs({"typ": "JWT"}, claims())
bad["alg null"] = hs({"alg": None}, claims())
bad["alg a number"] = hs({"alg": 256}, claims())
bad["alg a list"] = hs({"alg": ["HS256"]}, claims())
bad["alg in lower case"] = hs({"alg": "hs256"}, claims())
bad["alg with a space"] = hs({"alg": "HS256 "}, claims())
bad["alg HS384"] = jwt.encode(claims(), SECRET, "HS384")
bad["alg RS512"] = rs({"alg": "RS512", "kid": "rsa-2"}, claims(), rsa_two, digest=hashes.SHA512())
bad["alg EdDSA"] = hs({"alg": "EdDSA", "kid": "ed"}, claims())
pem = rsa_one.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
der = rsa_one.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
bad["HS256 with a public key as secret, PEM"] = hs({"alg": "HS256", "kid": "rsa-1"}, claims(role="admin"), pem)
bad["HS256 with a public key as secret, DER"] = hs({"alg": "HS256", "kid": "rsa-1"}, claims(role="admin"), der)
bad["HS256 with a modulus as secret"] = hs({"alg": "HS256", "kid": "rsa-1"}, claims(), jwks["keys"][0]["n"])
bad["HS256 with the key set's own secret"] = hs({"alg": "HS256", "kid": "shared"}, claims(), "a key that should never have been here")
bad["HS256 with an empty secret"] = hs(HS, claims(), b"")
bad["HS256 with another secret"] = hs(HS, claims(), SECRET + " ")
bad["RS256 over an HMAC"] = hs({"alg": "RS256", "kid": "rsa-1"}, claims())
bad["PS256 by a key for RS256"] = rs({"alg": "PS256", "kid": "rsa-1"}, claims(), rsa_one, "PS256")
bad["PS256 over a signature of RS256"] = rs({"alg": "PS256", "kid": "rsa-2"}, claims(), rsa_two)
bad["ES256 under an RSA key's name"] = es({"alg": "ES256", "kid": "rsa-1"}, claims(), ec_one)

# The key.
bad["the wrong key of the set"] = rs({"alg": "RS256", "kid": "rsa-1"}, claims(), rsa_two)
bad["no kid where two keys could be meant"] = rs({"alg": "RS256"}, claims(), rsa_two)
bad["a kid that is not in the set"] = rs({"alg": "RS256", "kid": "rsa-9"}, claims(), rsa_one)
bad["a kid that is a path"] = rs({"alg": "RS256", "kid": "../../../../dev/null"}, claims(), rsa_one)
bad["a kid that is SQL"] = rs({"alg": "RS256", "kid": "rsa-1' OR '1'='1"}, claims(), rsa_one)
bad["a kid with a zero byte"] = rs({"alg": "RS256", "kid": "rsa-1\0"}, claims(), rsa_one)
bad["a kid that is a number"] = rs({"alg": "RS256", "kid": 1}, claims(), rsa_one)
bad["a kid that is null"] = rs({"alg": "RS256", "kid": None}, claims(), rsa_one)
bad["a key of 1024 bits"] = rs({"alg": "RS256", "kid": "rsa-small"}, claims(), rsa_small)
bad["a key for encryption"] = rs({"alg": "RS256", "kid": "for-encryption"}, claims(), rsa_strange)
bad["a key of another curve"] = es({"alg": "ES256", "kid": "ec-wide"}, claims(), ec_wide, size=48)
own = jwk.JWK.from_pyca(rsa_strange.public_key()).export_public(as_dict=True)
bad["its own key in the header"] = rs({"alg": "RS256", "jwk": own}, claims(), rsa_strange)
bad["its own key in the header, under a known name"] = rs({"alg": "RS256", "kid": "rsa-1", "jwk": own}, claims(), rsa_strange)
bad["an address of its own key"] = rs({"alg": "RS256", "jku": "http://127.0.0.1/keys"}, claims(), rsa_strange)
bad["an extension that must be understood"] = hs({"alg": "HS256", "crit": ["exp"]}, claims())
bad["a payload that is not encoded"] = hs({"alg": "HS256", "b64": False, "crit": ["b64"]}, claims())

# Claims.
bad["ended 31 seconds ago"] = jwt.encode(claims(exp=NOW - 31), SECRET, "HS256")
bad["ended 30 seconds ago"] = jwt.encode(claims(exp=NOW - 30), SECRET, "HS256")
bad["good from 31 seconds ahead"] = jwt.encode(claims(nbf=NOW + 31), SECRET, "HS256")
for name in ["exp", "sub", "role", "iss", "aud"]:
    bad["no " + name] = hs(HS, without(name))
bad["another issuer"] = jwt.encode(claims(iss=ISSUER + "/"), SECRET, "HS256")
bad["an issuer list"] = hs(HS, claims(iss=[ISSUER]))
bad["another audience"] = jwt.encode(claims(aud="mastery-engine-2"), SECRET, "HS256")
bad["other audiences"] = jwt.encode(claims(aud=["a", "b"]), SECRET, "HS256")
bad["an audience among what is none"] = hs(HS, claims(aud=[AUDIENCE, 7]))
bad["an audience in an object"] = hs(HS, claims(aud={AUDIENCE: True}))
for name, value in [
    ("a text", str(FAR)), ("true", True), ("a list", [FAR]), ("negative", -1), ("beyond all years", 253_402_300_800),
    ("1e308", 1e308), ("10^30", 10**30), ("2^64", 2**64),
]:
    bad["exp " + name] = hs(HS, claims(exp=value))
bad["exp null"] = hs(HS, json.dumps(claims()).replace(str(FAR), "null"))
bad["exp 1e999"] = hs(HS, json.dumps(claims()).replace(str(FAR), "1e999"))
bad["exp NaN"] = hs(HS, json.dumps(claims()).replace(str(FAR), "NaN"))
bad["nbf beyond all years"] = hs(HS, claims(nbf=1e300))
bad["nbf a text"] = hs(HS, claims(nbf="0"))
bad["iat a text"] = hs(HS, claims(iat="now"))
bad["an unknown role"] = hs(HS, claims(role="root"))
bad["a role in capitals"] = hs(HS, claims(role="Admin"))
tolerated["a list of roles"] = hs(HS, claims(role=["student", "admin"]))
bad["an empty subject"] = hs(HS, claims(sub=""))
bad["a subject that is a number"] = hs(HS, claims(sub=7))
bad["a long subject"] = hs(HS, claims(sub="s" * 256))
bad["a subject with a line break"] = hs(HS, claims(sub="s-1\n{}"))
bad["students that are no list"] = hs(HS, claims(role="teacher", students="s-1"))
tolerated["a student that is no id"] = hs(HS, claims(role="teacher", students=["s-1", "s-1/profile"]))
tolerated["a student that is a number"] = hs(HS, claims(role="teacher", students=[1]))
for role in ["student", "teacher"]:
    bad["a " + role + " of every school"] = hs(HS, claims(role=role, school_id="*"))
bad["a school that is no id"] = hs(HS, claims(role="admin", school_id="north/student"))
bad["an empty school"] = hs(HS, claims(role="admin", school_id=""))
tolerated["a school that is null"] = hs(HS, claims(role="admin", school_id=None) | {"school_id": None})
bad["a school that is a list"] = hs(HS, claims(role="admin", school_id=["*"]))
plain = json.dumps(claims())
bad["the role twice"] = hs(HS, plain[:-1] + ', "role": "admin"}')
bad["the role twice, once escaped"] = hs(HS, plain[:-1] + ', "\\u0072ole": "admin"}')
bad["exp twice"] = hs(HS, plain[:-1] + ', "exp": 1}')
bad["alg twice in the header"] = hs('{"alg":"HS256","alg":"none"}', claims())
bad["alg twice in the header, none first"] = hs('{"alg":"none","alg":"HS256"}', claims())
bad["kid twice in the header"] = rs('{"alg":"RS256","kid":"rsa-1","kid":"rsa-2"}', claims(), rsa_two)
bad["101 claims"] = hs(HS, claims() | {f"c{n}": n for n in range(96)})

# The form.
whole = good["HS256 by PyJWT"]
head, body, mark = whole.split(".")
bad["cut in its signature"] = whole[:-4]
bad["cut by one character"] = whole[:-1]
bad["without a signature"] = head + "." + body + "."
bad["two parts"] = head + "." + body
bad["four parts"] = whole + "." + mark
bad["five parts"] = head + "...." + mark
bad["a dot behind it"] = whole + "."
bad["an empty text"] = ""
bad["dots alone"] = ".."
bad["a signature with padding"] = whole + "="
bad["a signature in the other alphabet"] = head + "." + body + "." + base64.b64encode(base64.urlsafe_b64decode(mark + "=")).decode()
alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
bad["a signature in another writing"] = whole[:-1] + alphabet[alphabet.index(whole[-1]) | 1]
bad["a signature with a line break"] = whole[:-8] + "\n" + whole[-8:]
bad["a space before it"] = " " + whole
bad["a space in its payload"] = head + "." + body[:8] + " " + body[8:] + "." + mark
bad["bad base64 in its header"] = "!" + whole[1:]
bad["bad base64 in its payload"] = head + ".*" + body[1:] + "." + mark
bad["a letter that looks alike"] = whole.replace("K", "\u212a", 1) if "K" in whole else whole[:-1] + "\u212a"
bad["a letter that looks alike, before it"] = "\u212a" + whole
bad["a zero byte"] = whole + "\0"
other = hs(HS, claims(role="admin")).split(".")
bad["another payload"] = head + "." + other[1] + "." + mark
bad["another header"] = b64(text({"alg": "HS256"})) + "." + body + "." + mark
bad["a header that is no JSON"] = hs("HS256", claims())
bad["a header that is a list"] = hs('["HS256"]', claims())
bad["a header of five thousand bytes"] = hs({"alg": "HS256", "x": "x" * 5_000}, claims())
bad["a header with many members"] = hs({"alg": "HS256"} | {f"m{n}": n for n in range(16)}, claims())
bad["a header that is not UTF-8"] = hs(b'{"alg":"HS256","x":"\xc3\x28"}', claims())
bad["a payload that is no JSON"] = hs(HS, "sub=s-1")
bad["a payload that is a list"] = hs(HS, [claims()])
bad["a payload with a tail"] = hs(HS, json.dumps(claims()) + "{}")
bad["a payload that is not UTF-8"] = hs(HS, json.dumps(claims()).encode().replace(b"s-1", b"\xff\xfe"))
bad["an empty payload"] = hs(HS, b"")
bad["endless brackets"] = hs(HS, "[" * 5_000)
bad["a token within a token"] = hs({"alg": "HS256", "cty": "JWT"}, whole)
bad["the JSON form"] = json.dumps({"protected": head, "payload": body, "signature": mark})
bad["ES256 with nothing signed"] = b64(text({"alg": "ES256", "kid": "ec-1"})) + "." + body + "." + b64(bytes(64))
bad["ES256 in DER"] = es({"alg": "ES256", "kid": "ec-1"}, claims(), ec_one, der=True)
bad["ES256 cut in half"] = es({"alg": "ES256", "kid": "ec-1"}, claims(), ec_one)[:-43]
bad["RS256 with nothing signed"] = b64(text({"alg": "RS256", "kid": "rsa-1"})) + "." + body + "." + b64(bytes(256))
bad["RS256 with a long signature"] = rs({"alg": "RS256", "kid": "rsa-1"}, claims(), rsa_one) + "AAAA" * 400

print(json.dumps({"secret": SECRET, "issuer": ISSUER, "audience": AUDIENCE, "jwks": jwks, "good": good, "bad": bad, "tolerated": tolerated}, indent=1))
