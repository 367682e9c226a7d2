namespace Bottle.Egress.Tests.Harness;

/// <summary>The system's date, and a stopwatch that stands still: no rate fills up again.</summary>
internal sealed class StoppedClock : TimeProvider
{
    public override long GetTimestamp() => 0;
}
