using System.Globalization;
using Bottle.Contracts.Routes;
using Bottle.Egress.Logging;

namespace Bottle.Egress.Forwarding;

/// <summary>Cuts what a lease let through when the lease ends by time: a WebSocket or a stream of events would otherwise keep what was granted for half an hour for as long as it likes.</summary>
internal sealed class LeaseEnd
{
    // Until then by the clock on the wall, which can be set and goes on while the machine sleeps; timers do not.
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    private readonly HttpContext _http;
    private readonly RequestRecord _record;
    private readonly TimeProvider _clock;
    private readonly DateTimeOffset _until;
    private readonly ITimer _timer;

    private LeaseEnd(HttpContext http, RequestRecord record, TimeProvider clock, DateTimeOffset until)
    {
        (_http, _record, _clock, _until) = (http, record, clock, until);
        _timer = clock.CreateTimer(static watch => ((LeaseEnd)watch!).Look(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Look();
    }

    /// <summary>Watches over one request; null when its route has no such end.</summary>
    public static LeaseEnd? Watch(HttpContext http, RouteLease? lease, RequestRecord record, TimeProvider clock) =>
        lease?.Until is { } until ? new LeaseEnd(http, record, clock, until) : null;

    /// <summary>The request has ended; nothing touches it any more when this has.</summary>
    public Task StopAsync() => _timer.DisposeAsync().AsTask();

    private void Look()
    {
        var left = _until - _clock.GetUtcNow();
        if (left > TimeSpan.Zero)
        {
            _timer.Change(left < Longest ? left : Longest, Timeout.InfiniteTimeSpan);
            return;
        }
        _record.Reason = string.Create(CultureInfo.InvariantCulture, $"cut: the lease of its route ended at {_until:yyyy-MM-dd'T'HH:mm:ss'Z'}");
        _http.Abort();
    }
}
