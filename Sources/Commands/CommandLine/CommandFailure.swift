/// Why a command ends with another status than 0, in one line each.
package enum CommandFailure: Error, Hashable, Sendable {
  /// The call is wrong.
  case wrongCall(String)
  /// A setting is wrong.
  case badSetting(String)
  /// A file cannot be read.
  case noInput(String)
  /// What the command needs is not there: a port, the sidecar.
  case unavailable(String)
  /// What the command had to say was not taken.
  case unwritten(String)
  /// The command did not do all of its work.
  case incomplete(String)

  /// The status by `sysexits.h`, or 1.
  var status: Int32 {
    switch self {
    case .wrongCall: 64
    case .noInput: 66
    case .unavailable: 69
    case .unwritten: 74
    case .badSetting: 78
    case .incomplete: 1
    }
  }

  /// What to tell the caller.
  var message: String {
    switch self {
    case .wrongCall(let message), .badSetting(let message), .noInput(let message), .unavailable(let message), .unwritten(let message),
      .incomplete(let message):
      message
    }
  }
}
