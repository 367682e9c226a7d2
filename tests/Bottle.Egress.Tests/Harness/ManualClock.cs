namespace Bottle.Egress.Tests.Harness;

/// <summary>A clock that only the test moves: what waits on it waits until then.</summary>
internal sealed class ManualClock : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<ManualTimer> _timers = [];
    private readonly DateTimeOffset _start = System.GetUtcNow();
    private TimeSpan _now;

    /// <summary>How many waits have ended by the clock.</summary>
    public int Fired { get; private set; }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp()
    {
        lock (_lock)
        {
            return _now.Ticks;
        }
    }

    public override DateTimeOffset GetUtcNow() => _start.AddTicks(GetTimestamp());

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves the clock in steps and gives what each step wakes a moment to go on.</summary>
    public async Task PassAsync(TimeSpan time, TimeSpan step)
    {
        for (var passed = TimeSpan.Zero; passed < time; passed += step)
        {
            List<ManualTimer> due;
            lock (_lock)
            {
                _now += step;
                due = [.. _timers.Where(timer => timer.Due <= _now)];
                Fired += due.Count;
                due.ForEach(timer => timer.Rearm(_now));
            }
            due.ForEach(timer => timer.Fire());
            await Task.Delay(5);
        }
    }

    private sealed class ManualTimer(ManualClock clock, Action fire) : ITimer
    {
        private TimeSpan _period;

        public TimeSpan Due { get; private set; }

        public void Fire() => fire();

        public void Rearm(TimeSpan now) => Set(now, _period);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._lock)
            {
                _period = period;
                Set(clock._now, dueTime);
                return true;
            }
        }

        public void Dispose() => Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Set(TimeSpan now, TimeSpan after)
        {
            clock._timers.Remove(this);
            if (after >= TimeSpan.Zero)
            {
                Due = now + after;
                clock._timers.Add(this);
            }
        }
    }
}
