import Foundation
import HTTPServer
import Testing
import WireTesting

@testable import Commands

@Suite("serve beside a sidecar that is late, denies secrets or fails", .serialized)
struct ServeProcessTests {
  private static let secret = String(repeating: "x", count: 32)

  @Test("serve listens from the very beginning, and stops at once and cleanly while it waits", arguments: [true, false])
  func early(asksForSecrets: Bool) async throws {
    let settings = asksForSecrets ? ["SECRET_STORE_NAME": "vault"] : ["JWT_SECRET": Self.secret, "APP_API_TOKEN": "t"]
    let serve = try ServeProcess(.init(isReady: false), settings: settings)
    #expect(await serve.waits(for: 200, at: "/healthz"))
    #expect(await serve.ask("GET", "/ready?scope=process")?.status == 503)
    #expect(await serve.ask("GET", "/ready")?.status == 503)
    if asksForSecrets { #expect(await serve.ask("POST", "/process")?.status == 503) }
    let clock = ContinuousClock()
    let began = clock.now
    serve.terminate()
    let (status, output) = await serve.end()
    #expect(status == 0, "\(output)")
    // One that waited for its sidecar would never end; a busy machine takes its time.
    #expect(clock.now - began < .seconds(120))
  }

  @Test("SIGHUP makes serve log everything, and then as much as before, and does not end it")
  func level() async throws {
    let serve = try ServeProcess(.init(isReady: true), settings: ["JWT_SECRET": Self.secret, "APP_API_TOKEN": "t"])
    #expect(await serve.waits(for: 200, at: "/ready?scope=process"))
    for _ in 0..<2 {
      serve.hangUp()
      try await Task.sleep(for: .milliseconds(200))
      #expect(await serve.ask("GET", "/ready")?.status != nil)
    }
    serve.terminate()
    let (status, output) = await serve.end()
    #expect(status == 0, "\(output)")
    let levels = output.matches(of: /log_level="([a-z]+)"/).map { String($0.1) }
    #expect(levels == ["debug", "info"], "\(output)")
    #expect(output.contains("debug the sidecar was called"))
  }

  @Test("serve sends the spans that still wait before it ends")
  func spans() async throws {
    let collector = ScriptedApplication { _ in .text("{}") }
    let server = try collector.serve()
    let settings = [
      "JWT_SECRET": Self.secret, "APP_API_TOKEN": "t", "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:\(server.port)",
      "OTEL_SERVICE_NAME": "ours", "OTEL_EXPORTER_OTLP_HEADERS": "api-key=s3cr3t%2Dkey", "OTEL_RESOURCE_ATTRIBUTES": "k8s.pod.name=pod-1",
      "LOG_LEVEL": "debug",
    ]
    let serve = try ServeProcess(.init(isReady: false), settings: settings)
    #expect(await serve.waits(for: 200, at: "/healthz"))
    let trace = "0af7651916cd43dd8448eb211c80319c"
    #expect(await serve.ask("GET", "/healthz", trace: "00-\(trace)-b7ad6b7169203331-01")?.status == 200)
    serve.terminate()
    let (status, output) = await serve.end()
    #expect(status == 0, "\(output)")
    let sent = collector.requests.map { String(decoding: $0.body, as: UTF8.self) }
    let words = ["ours", trace, "GET /healthz", "service.instance.id", "k8s.pod.name", "pod-1"]
    #expect(sent.count == 1 && words.allSatisfy { sent.first?.contains($0) ?? false }, "\(sent)")
    #expect(collector.requests.first?.head.header("api-key") == "s3cr3t-key" && !output.contains("s3cr3t"))
    await server.stop(within: .seconds(1))
  }

  @Test("serve starts without secrets that are denied, and then answers what the sidecar asked meanwhile")
  func denied() async throws {
    var script = ServeProcess.Script(isReady: false)
    script.secrets = [
      "jwt-secret": .value(Self.secret), "app-api-token": .value("right"), "jwt-jwks": .denied, "tls-certificate": .denied,
      "tls-private-key": .denied,
    ]
    let serve = try ServeProcess(script, settings: ["SECRET_STORE_NAME": "vault"])
    #expect(await serve.waits(for: 200, at: "/healthz"))
    async let right = serve.ask("GET", "/dapr/subscribe", token: "right")
    async let wrong = serve.ask("GET", "/dapr/subscribe", token: "wrong")
    try await Task.sleep(for: .milliseconds(200))
    serve.change { $0.isReady = true }
    #expect(await right?.status == 200)
    #expect(await wrong?.status == 401)
    #expect(await serve.waits(for: 200, at: "/ready?scope=process"))
    // The service asks the store once whether it encrypts; this test's sidecar does not.
    for _ in 0..<100 where await serve.ask("GET", "/ready")?.status != 200 { try await Task.sleep(for: .milliseconds(50)) }
    try await Task.sleep(for: .milliseconds(500))
    serve.terminate()
    let (status, output) = await serve.end()
    #expect(status == 0)
    for name in ["JWT_JWKS", "TLS_CERTIFICATE", "TLS_PRIVATE_KEY"] { #expect(output.contains(name), "\(output)") }
    #expect(output.contains("does not encrypt"))
  }

  @Test("serve does not start if the store fails to hand out secrets: not without TLS, not without the sidecar's token")
  func failing() async throws {
    for name in ["tls-certificate", "app-api-token"] {
      var script = ServeProcess.Script()
      script.secrets = ["jwt-secret": .value(Self.secret)]
      script.secrets[name] = .answer(status: 500, code: "ERR_SECRET_GET", message: "the store is sealed")
      let serve = try ServeProcess(script, settings: ["SECRET_STORE_NAME": "vault", "ENVIRONMENT": "staging"])
      #expect(await serve.waits(for: 200, at: "/healthz"))
      let (status, output) = await serve.end()
      #expect(status == 69)
      #expect(output.contains(name) && output.contains("the store is sealed"), "\(output)")
    }
  }

  @Test("serve says that DAPR_API_TOKEN is wrong if secrets are refused with 401")
  func token() async throws {
    let serve = try ServeProcess(.init(token: "right"), settings: ["SECRET_STORE_NAME": "vault", "DAPR_API_TOKEN": "wrong"])
    let (status, output) = await serve.end()
    #expect(status == 78)
    #expect(output.contains("DAPR_API_TOKEN") && output.contains("401"), "\(output)")
  }

  @Test("serve says that DAPR_API_TOKEN is wrong even if no secret is asked for, in /ready and in the log")
  func tokenLater() async throws {
    let serve = try ServeProcess(.init(token: "right"), settings: ["JWT_SECRET": Self.secret, "APP_API_TOKEN": "t"])
    #expect(await serve.waits(for: 200, at: "/ready?scope=process"))
    let ready = await serve.ask("GET", "/ready")
    #expect(ready?.status == 503 && ready?.text.contains("DAPR_API_TOKEN") == true)
    serve.terminate()
    let (status, output) = await serve.end()
    #expect(status == 0)
    #expect(output.contains("401: DAPR_API_TOKEN"), "\(output)")
  }

  @Test(
    "serve listens on IPv6 and IPv4 unless APP_HOST names an address of one of them",
    arguments: [
      (nil, [true, true]), ("::", [true, true]), ("[::]", [true, true]), ("0.0.0.0", [true, false]), ("127.0.0.1", [true, false]),
    ] as [(String?, [Bool])])
  func families(host: String?, answers: [Bool]) async throws {
    var settings = ["JWT_SECRET": Self.secret, "APP_API_TOKEN": "t"]
    settings["APP_HOST"] = host
    let serve = try ServeProcess(.init(), settings: settings)
    #expect(await serve.waits(for: 200, at: "/healthz"))
    #expect(await serve.answersOver() == answers)
    serve.terminate()
    #expect(await serve.end().status == 0)
  }

  @Test(
    "serve does not start on host names, lists of addresses, or addresses of other machines",
    arguments: [
      ("localhost", 78, "APP_HOST must be one address"), ("127.0.0.1,::1", 78, "APP_HOST must be one address"),
      ("2001:db8::1", 69, "of 2001:db8::1 cannot be listened on"),
    ])
  func foreign(host: String, status: Int, words: String) async throws {
    let settings = ["JWT_SECRET": Self.secret, "APP_API_TOKEN": "t", "APP_HOST": host]
    let (ended, output) = await (try ServeProcess(.init(), settings: settings)).end()
    #expect(Int(ended) == status && output.contains(words), "\(output)")
  }

  @Test("serve listens in development only on this machine unless APP_HOST names another address, and logs who is let in")
  func development() async throws {
    for (host, isReached, word) in [(nil, false, "only this machine"), ("0.0.0.0", true, "whoever reaches it")] as [(String?, Bool, String)]
    {
      var settings = ["ENVIRONMENT": "development"]
      settings["APP_HOST"] = host
      let serve = try ServeProcess(.init(), settings: settings)
      #expect(await serve.waits(for: 200, at: "/healthz"))
      // Another address of this machine, in place of one that others can reach.
      #expect((await serve.ask("GET", "/healthz", at: "127.0.0.2") != nil) == isReached)
      serve.terminate()
      let (status, output) = await serve.end()
      #expect(status == 0 && output.contains(word) && output.contains("APP_HOST"), "\(output)")
    }
  }
}
