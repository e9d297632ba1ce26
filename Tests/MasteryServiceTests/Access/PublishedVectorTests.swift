import Encodings
import Testing

@testable import MasteryService

/// RFC 7515, appendix A (A.1 is also the example of RFC 7519, 3.1): the keys, the tokens, and their claims.
@Suite("Published examples of signed tokens")
struct PublishedVectorTests {
  private static let payload =
    "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
  private static let said = "{\"iss\":\"joe\",\r\n \"exp\":1300819380,\r\n \"http://example.com/is_root\":true}"

  private static let secret = "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"
  private static let hs256 = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.\(payload).dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"

  private static let rsa =
    #"{"kty":"RSA","n":"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZ"#
    + #"S-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdV"#
    + #"MTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ","e":"AQAB"}"#
  private static let rs256 =
    "eyJhbGciOiJSUzI1NiJ9.\(payload).cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5juj"
    + "Gbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--"
    + "xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw"

  private static let ec =
    #"{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}"#
  private static let es256 =
    "eyJhbGciOiJFUzI1NiJ9.\(payload).DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q"

  /// A.5, the unsecured one, also RFC 7519, 6.1.
  private static let unsecured = "eyJhbGciOiJub25lIn0.\(payload)."

  private func said(_ token: String, by key: SigningKey?) throws -> String? {
    let key = try #require(key)
    var token = token
    return token.withUTF8 { bytes in
      guard (try? CompactToken(bytes))?.algorithm.kind == key.kind else { return nil }
      return key.verified(bytes) { String(decoding: $0, as: UTF8.self) }
    }
  }

  private func changed(_ token: String) -> String {
    var parts = token.split(separator: ".").map(String.init)
    parts[1] = "e" + String(parts[1].dropFirst().dropLast()) + "R"
    return parts.joined(separator: ".")
  }

  @Test("Published tokens are verified by their own keys, by no others, and not if changed")
  func vectors() throws {
    let keys = [
      SigningKey(secret: try #require(Base64URL.decode(Self.secret.utf8))), SigningKey(jwk: Array(Self.rsa.utf8)),
      SigningKey(jwk: Array(Self.ec.utf8)),
    ]
    for (index, token) in [Self.hs256, Self.rs256, Self.es256].enumerated() {
      for (other, key) in keys.enumerated() {
        #expect(try said(token, by: key) == (other == index ? Self.said : nil))
        #expect(try said(changed(token), by: key) == nil)
      }
    }
    for key in keys { #expect(try said(Self.unsecured, by: key) == nil) }
  }

  @Test("Published base64url vectors are decoded (RFC 4648, section 10)")
  func base64() {
    for (text, bytes) in [
      ("", ""), ("Zg", "f"), ("Zm8", "fo"), ("Zm9v", "foo"), ("Zm9vYg", "foob"), ("Zm9vYmE", "fooba"), ("Zm9vYmFy", "foobar"),
    ] {
      #expect(Base64URL.decode(text.utf8) == Array(bytes.utf8))
    }
    #expect(Base64URL.decode("-_-_".utf8) == [0xFB, 0xFF, 0xBF])
    for text in ["Zg==", "Zm9v\n", "Zh", "Zm9", "Z", "Zm9vY", "+/+/", "Zm 8"] { #expect(Base64URL.decode(text.utf8) == nil, "\(text)") }
  }
}
