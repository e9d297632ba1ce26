// Written by `mastery-engine fit oulad-2013.events.jsonl.gz --cohorts 2013B`; not by hand.
// Fitted to: Open University Learning Analytics Dataset (Kuzilek et al., Scientific Data 4:170171, 2017), CC BY 4.0

extension ForecastModel {
  /// The shipped fit.
  public static let fitted = ForecastModel(
    growth: [0.11162, -0.15238, 0.02184, -0.08865],
    pull: 0.51147,
    errors: [
      ErrorKnot(days: 1, low: -0.05948, high: 0.00086, size: 0.41656),
      ErrorKnot(days: 2, low: -0.0608, high: 0.008, size: 0.29816),
      ErrorKnot(days: 3, low: -0.06219, high: 0.04719, size: 0.23198),
      ErrorKnot(days: 5, low: -0.06397, high: 0.11875, size: 0.16601),
      ErrorKnot(days: 7, low: -0.06603, high: 0.12127, size: 0.14658),
      ErrorKnot(days: 10, low: -0.06892, high: 0.12726, size: 0.12831),
      ErrorKnot(days: 14, low: -0.07146, high: 0.11314, size: 0.10974),
      ErrorKnot(days: 18, low: -0.07383, high: 0.10835, size: 0.10092),
      ErrorKnot(days: 22, low: -0.07516, high: 0.10259, size: 0.09572),
      ErrorKnot(days: 26, low: -0.07644, high: 0.0964, size: 0.09089),
      ErrorKnot(days: 30, low: -0.07672, high: 0.09466, size: 0.08973),
    ],
    risk: [3.9507, -2.4391, -1.2922, -1.8773, -23.7966, -5.1414, -1.2987, 0.1297, 9.2316, -10.2317])
}
