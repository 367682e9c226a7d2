namespace Bottle.Egress.Hosting;

/// <summary>
/// Tells when the managed heap nears its limit (the container's, or DOTNET_GCHeapHardLimit): new requests are then refused, before an allocation fails somewhere in the middle of others.
/// </summary>
internal sealed class MemoryGauge(TimeProvider clock)
{
    private const double HighShare = 0.75;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    private readonly Lock _lock = new();
    private readonly long _limit = (long)(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes * HighShare);
    private long _measured;
    private volatile bool _isHigh;

    /// <summary>Whether more should not be taken on; measured at most four times a second.</summary>
    public bool IsHigh
    {
        get
        {
            if (clock.GetElapsedTime(Volatile.Read(ref _measured)) > Interval && _lock.TryEnter())
            {
                try
                {
                    Volatile.Write(ref _measured, clock.GetTimestamp());
                    _isHigh = IsAbove() && IsAboveAfterCollection();
                }
                finally
                {
                    _lock.Exit();
                }
            }
            return _isHigh;
        }
    }

    private bool IsAbove() => GC.GetTotalMemory(forceFullCollection: false) > _limit;

    /// <summary>Garbage does not count; under pressure a collection is due anyway.</summary>
    private bool IsAboveAfterCollection()
    {
        GC.Collect();
        return IsAbove();
    }
}
