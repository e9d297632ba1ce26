internal import HTTPServer
internal import JSON
internal import Synchronization

/// The documents about the service: what can be asked, what comes and goes over topics, and a page of it for people.
///
/// They are made when somebody first asks for one, and kept.
public final class ServiceDocuments: Sendable {
  private let configuration: Configuration
  private let intents: IntentTable
  private let made = Mutex<Made?>(nil)
  private let turns = AsyncSemaphore(1)

  /// The finished documents.
  private struct Made {
    let openAPI: [UInt8]
    let asyncAPI: [UInt8]
    let page: [UInt8]
  }

  /// Creates the documents of a service with these settings.
  public convenience init(_ configuration: Configuration) { self.init(configuration, intents: .standard) }

  /// Creates the documents of a service that answers these intents.
  init(_ configuration: Configuration, intents: IntentTable) { (self.configuration, self.intents) = (configuration, intents) }

  /// All requests and answers, as OpenAPI 3.1.
  public var openAPI: [UInt8] { get async { await all().openAPI } }

  /// All topics and their messages, as AsyncAPI 3.
  public var asyncAPI: [UInt8] { get async { await all().asyncAPI } }

  /// All requests, answers and topics as a page of HTML.
  public var page: [UInt8] { get async { await all().page } }

  private func all() async -> Made {
    // Whoever asks while they are being made waits for them: making them is work, and anybody may ask.
    await turns.take {
      if let made = made.withLock({ $0 }) { return made }
      let sample = await SampleSchool.course(intents)
      let api = OpenAPI(intents: intents.all, paths: DescribedPath.all, examples: sample.exchanges)
      let topics = AsyncAPI(configuration, published: PublishedEvents.all, examples: sample.events)
      let new = Made(openAPI: api.document, asyncAPI: topics.document, page: ReferencePage(api: api, topics: topics).html)
      made.withLock { $0 = new }
      return new
    }
  }

  /// The document itself.
  func bytes(of document: Route.Document) async -> [UInt8] {
    switch document {
    case .openAPI: await openAPI
    case .asyncAPI: await asyncAPI
    case .page: await page
    }
  }

  /// The answer to a request for a document.
  func response(_ document: Route.Document, correlationID: String) async -> HTTPResponse {
    let body = await bytes(of: document)
    return document == .page
      ? ResponseHeaders.page(body, style: ReferencePage.styleDigest, correlationID: correlationID)
      : ResponseHeaders.json(status: 200, body: body, correlationID: correlationID)
  }
}
