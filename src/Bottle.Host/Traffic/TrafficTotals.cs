namespace Bottle.Host.Traffic;

/// <summary>Sums over requests; bytes end at the largest number, whatever a log says.</summary>
/// <param name="Requests">How many.</param>
/// <param name="Denied">How many of them egress refused.</param>
/// <param name="Failed">How many of them were allowed and got no good answer.</param>
/// <param name="BytesIn">Body bytes from the agent.</param>
/// <param name="BytesOut">Body bytes to the agent.</param>
public readonly record struct TrafficTotals(long Requests, long Denied, long Failed, long BytesIn, long BytesOut)
{
    /// <summary>The same with one request more.</summary>
    public TrafficTotals With(TrafficRecord record) => new(
        Requests + 1,
        Denied + (record.Decision == TrafficDecision.Denied ? 1 : 0),
        Failed + (record.Decision == TrafficDecision.Failed ? 1 : 0),
        Sum(BytesIn, record.BytesIn),
        Sum(BytesOut, record.BytesOut));

    /// <summary>Both together.</summary>
    public static TrafficTotals Add(TrafficTotals left, TrafficTotals right) =>
        new(left.Requests + right.Requests, left.Denied + right.Denied, left.Failed + right.Failed, Sum(left.BytesIn, right.BytesIn), Sum(left.BytesOut, right.BytesOut));

    private static long Sum(long left, long right) => left > long.MaxValue - right ? long.MaxValue : left + right;
}
