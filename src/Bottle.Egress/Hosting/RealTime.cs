namespace Bottle.Egress.Hosting;

/// <summary>
/// Time as it passes, for waits that an injected clock must not shorten: how long a neighbour on the network takes to answer, and what happens after an answer. Nothing that an answer or a stream waits for
/// is bounded by it; that is what BannedSymbols.txt is for.
/// </summary>
internal static class RealTime
{
    /// <summary>The system's clock.</summary>
#pragma warning disable RS0030 // The one place.
    public static TimeProvider Clock => TimeProvider.System;
#pragma warning restore RS0030
}
