// Written by `mastery-engine fit oulad-2013.events.jsonl.gz --cohorts 2013B`; not by hand.
// Fitted to: Open University Learning Analytics Dataset (Kuzilek et al., Scientific Data 4:170171, 2017), CC BY 4.0

extension ForecastModel {
  /// The shipped fit.
  public static let fitted = ForecastModel(
    growth: [0.11162, -0.15238, 0.02184, -0.08865],
    meanReversion: 0.51147,
    errors: [
      ErrorKnot(
        days: 1, size: 0.41656,
        reaches: [
          Reach(down: 0.0, up: 0.0), Reach(down: 0.0, up: 0.0), Reach(down: 0.0, up: 0.0),
          Reach(down: 0.0, up: 0.0), Reach(down: 0.0, up: 0.0), Reach(down: 0.0, up: 0.0),
          Reach(down: 0.0, up: 0.0), Reach(down: 0.0, up: 0.0), Reach(down: 0.0, up: 0.0),
          Reach(down: 0.0, up: 0.0), Reach(down: 0.0, up: 0.0), Reach(down: 0.0, up: 0.0),
        ]),
      ErrorKnot(
        days: 2, size: 0.29816,
        reaches: [
          Reach(down: 0.0, up: 0.0), Reach(down: 0.0, up: 0.0), Reach(down: 0.0, up: 0.0),
          Reach(down: 0.0, up: 0.0), Reach(down: 0.0, up: 0.0), Reach(down: 0.0, up: 0.0),
          Reach(down: 0.0, up: 0.0), Reach(down: 0.0, up: 0.0), Reach(down: 0.0, up: 0.0),
          Reach(down: 0.0, up: 0.0), Reach(down: 0.0, up: 0.0), Reach(down: 0.0, up: 0.0),
        ]),
      ErrorKnot(
        days: 3, size: 0.23198,
        reaches: [
          Reach(down: 0.0, up: 0.0), Reach(down: 0.0, up: 0.0), Reach(down: 0.0, up: 0.0),
          Reach(down: 0.0, up: 0.0), Reach(down: 0.0, up: 0.0), Reach(down: 0.0, up: 0.0),
          Reach(down: 0.0, up: 0.0), Reach(down: 0.0, up: 0.0), Reach(down: 0.0, up: 0.0),
          Reach(down: 0.0, up: 0.0), Reach(down: 0.0, up: 0.0), Reach(down: 0.0, up: 0.0),
        ]),
      ErrorKnot(
        days: 5, size: 0.16601,
        reaches: [
          Reach(down: 0.0, up: 0.0), Reach(down: 0.0, up: 0.0), Reach(down: 0.0, up: 0.0),
          Reach(down: 0.0, up: 0.0), Reach(down: 0.0, up: 0.0), Reach(down: 0.0, up: 0.0),
          Reach(down: 0.0, up: 0.33664), Reach(down: 0.0, up: 0.1949), Reach(down: 0.0, up: 0.0),
          Reach(down: 0.0, up: 0.0), Reach(down: 0.0, up: 0.02804), Reach(down: 0.0, up: 0.0),
        ]),
      ErrorKnot(
        days: 7, size: 0.14658,
        reaches: [
          Reach(down: 0.0, up: 0.0), Reach(down: 0.0, up: 0.0), Reach(down: 0.0, up: 0.0),
          Reach(down: 0.0, up: 0.0), Reach(down: 0.0, up: 0.0), Reach(down: 0.0, up: 0.0),
          Reach(down: 0.0, up: 0.86609), Reach(down: 0.0, up: 1.16541), Reach(down: 0.0, up: 0.0),
          Reach(down: 0.0, up: 0.0), Reach(down: 5e-05, up: 0.51791), Reach(down: 0.0, up: 0.0),
        ]),
      ErrorKnot(
        days: 10, size: 0.12831,
        reaches: [
          Reach(down: 0.0, up: 0.0), Reach(down: 0.0, up: 0.0), Reach(down: 0.0, up: 0.58809),
          Reach(down: 0.0, up: 0.4129), Reach(down: 0.0, up: 0.54691), Reach(down: 0.0, up: 0.51241),
          Reach(down: 0.00939, up: 1.15441), Reach(down: 0.00293, up: 1.39491), Reach(down: 0.00672, up: 0.24021),
          Reach(down: 0.0, up: 0.0), Reach(down: 0.0, up: 0.55007), Reach(down: 0.0, up: 0.0),
        ]),
      ErrorKnot(
        days: 14, size: 0.10974,
        reaches: [
          Reach(down: 0.0, up: 0.21414), Reach(down: 0.0, up: 0.0), Reach(down: 0.00079, up: 1.04872),
          Reach(down: 0.0, up: 0.77643), Reach(down: 0.0, up: 0.6333), Reach(down: 0.0, up: 0.56704),
          Reach(down: 0.03491, up: 1.02279), Reach(down: 0.06176, up: 1.06665), Reach(down: 0.0, up: 0.43772),
          Reach(down: 0.0, up: 0.0), Reach(down: 0.00238, up: 0.56009), Reach(down: 0.0, up: 0.0),
        ]),
      ErrorKnot(
        days: 18, size: 0.10092,
        reaches: [
          Reach(down: 0.0, up: 0.6594), Reach(down: 0.0, up: 0.0), Reach(down: 0.01453, up: 3.56359),
          Reach(down: 0.0, up: 0.83804), Reach(down: 0.01567, up: 0.77092), Reach(down: 0.0, up: 0.69326),
          Reach(down: 0.04328, up: 0.92783), Reach(down: 0.04888, up: 1.01733), Reach(down: 0.0, up: 0.64859),
          Reach(down: 0.0, up: 0.0), Reach(down: 0.0, up: 0.58641), Reach(down: 0.0, up: 0.0),
        ]),
      ErrorKnot(
        days: 22, size: 0.09572,
        reaches: [
          Reach(down: 0.0, up: 1.45056), Reach(down: 0.0, up: 0.5091), Reach(down: 0.0, up: 4.35399),
          Reach(down: 0.01249, up: 0.86652), Reach(down: 0.01695, up: 0.85449), Reach(down: 0.01899, up: 0.83232),
          Reach(down: 0.03715, up: 0.93022), Reach(down: 0.05323, up: 0.8778), Reach(down: 0.01267, up: 0.62143),
          Reach(down: 0.0, up: 0.0), Reach(down: 0.00479, up: 0.53562), Reach(down: 0.0, up: 0.0),
        ]),
      ErrorKnot(
        days: 26, size: 0.09089,
        reaches: [
          Reach(down: 0.09126, up: 1.64972), Reach(down: 0.0, up: 0.65459), Reach(down: 0.0, up: 4.18898),
          Reach(down: 0.01843, up: 0.89593), Reach(down: 0.02457, up: 0.89124), Reach(down: 0.04697, up: 0.66728),
          Reach(down: 0.03441, up: 0.85121), Reach(down: 0.04906, up: 0.78753), Reach(down: 0.01219, up: 0.61376),
          Reach(down: 0.0, up: 0.0), Reach(down: 0.0, up: 0.48821), Reach(down: 0.0, up: 0.0),
        ]),
      ErrorKnot(
        days: 30, size: 0.08973,
        reaches: [
          Reach(down: 0.0, up: 3.52589), Reach(down: 0.0, up: 0.96605), Reach(down: 0.0, up: 4.04229),
          Reach(down: 0.04786, up: 0.80118), Reach(down: 0.03238, up: 0.88773), Reach(down: 0.04487, up: 0.73375),
          Reach(down: 0.02733, up: 0.83374), Reach(down: 0.04552, up: 0.71538), Reach(down: 0.01858, up: 0.59833),
          Reach(down: 0.0, up: 0.0), Reach(down: 0.0, up: 0.44572), Reach(down: 0.0, up: 0.0),
        ]),
    ],
    risk: [3.9507, -2.4391, -1.2922, -1.8773, -23.7966, -5.1414, -1.2987, 0.1297, 9.2316, -10.2317])
}
