/// The reason why a command ends with a status other than 0, in one line each.
package enum CommandFailure: Error, Hashable, Sendable {
  /// The call is wrong.
  case wrongCall(String)
  /// A setting is wrong.
  case badSetting(String)
  /// A file cannot be read.
  case noInput(String)
  /// Something that the command needs is not available: a port, the sidecar.
  case unavailable(String)
  /// The command's output could not be written.
  case unwritten(String)
  /// The command did not complete its work.
  case incomplete(String)

  /// The exit status by `sysexits.h`, or 1.
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

  /// The message for the caller.
  var message: String {
    switch self {
    case .wrongCall(let message), .badSetting(let message), .noInput(let message), .unavailable(let message), .unwritten(let message),
      .incomplete(let message):
      message
    }
  }
}
