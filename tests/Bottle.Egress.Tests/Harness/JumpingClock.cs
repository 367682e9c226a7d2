namespace Bottle.Egress.Tests.Harness;

/// <summary>The system's clock, ahead by as much as the test says; timers that are due by then fire at once.</summary>
internal sealed class JumpingClock : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<Jumper> _timers = [];
    private TimeSpan _ahead;

    public void Advance(TimeSpan by)
    {
        Jumper[] timers;
        lock (_lock)
        {
            _ahead += by;
            timers = [.. _timers];
        }
        foreach (var timer in timers)
        {
            timer.Jump();
        }
    }

    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock)
        {
            return base.GetUtcNow() + _ahead;
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Jumper(this, callback, state);
        lock (_lock)
        {
            _timers.Add(timer);
        }
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class Jumper(JumpingClock clock, TimerCallback callback, object? state) : ITimer
    {
        private readonly ITimer _inner = TimeProvider.System.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        private DateTimeOffset? _due;
        private TimeSpan _period;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            (_due, _period) = (dueTime == Timeout.InfiniteTimeSpan ? null : clock.GetUtcNow() + dueTime, period);
            return _inner.Change(dueTime, period);
        }

        public void Jump()
        {
            if (_due is { } due && due - clock.GetUtcNow() is var left)
            {
                _inner.Change(left > TimeSpan.Zero ? left : TimeSpan.Zero, _period);
            }
        }

        public void Dispose() => _inner.Dispose();

        public ValueTask DisposeAsync() => _inner.DisposeAsync();
    }
}
