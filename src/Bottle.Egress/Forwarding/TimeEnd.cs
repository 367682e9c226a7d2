using System.Globalization;
using Bottle.Contracts.Routes;
using Bottle.Egress.Logging;
using Bottle.Egress.Policy;

namespace Bottle.Egress.Forwarding;

/// <summary>
/// Cuts what was let through when the lease of its route or the minutes of the run's budget end: a WebSocket or a stream of events would otherwise keep what was granted for half an hour for as long as it likes.
/// </summary>
internal sealed class TimeEnd
{
    // Until then by the clock on the wall, which can be set and goes on while the machine sleeps; timers do not. And the operator may extend the budget.
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    private readonly HttpContext _http;
    private readonly RequestRecord _record;
    private readonly (DateTimeOffset? Lease, BudgetBook Budget) _ends;
    private readonly TimeProvider _clock;
    private readonly ITimer _timer;

    private TimeEnd(HttpContext http, RequestRecord record, (DateTimeOffset? Lease, BudgetBook Budget) ends, TimeProvider clock)
    {
        (_http, _record, _ends, _clock) = (http, record, ends, clock);
        _timer = clock.CreateTimer(static watch => ((TimeEnd)watch!).Look(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Look();
    }

    /// <summary>Watches over one request; null when neither its route nor the run has such an end.</summary>
    public static TimeEnd? Watch(HttpContext http, RouteLease? lease, BudgetBook budget, RequestRecord record, TimeProvider clock) =>
        lease?.Until is null && budget.End is null ? null : new TimeEnd(http, record, (lease?.Until, budget), clock);

    /// <summary>The request has ended; nothing touches it any more when this has.</summary>
    public Task StopAsync() => _timer.DisposeAsync().AsTask();

    private void Look()
    {
        var now = _clock.GetUtcNow();
        if (_ends.Lease <= now)
        {
            Cut(string.Create(CultureInfo.InvariantCulture, $"the lease of its route ended at {_ends.Lease:yyyy-MM-dd'T'HH:mm:ss'Z'}"));
        }
        else if (_ends.Budget.End <= now && _ends.Budget.FindRefusal() is { } refusal)
        {
            Cut(refusal.Reason);
        }
        else
        {
            var left = new[] { _ends.Lease - now, _ends.Budget.End - now, Longest }.Min()!.Value;
            _timer.Change(left > TimeSpan.Zero ? left : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        }
    }

    private void Cut(string why)
    {
        _record.Reason = "cut: " + why;
        _http.Abort();
    }
}
