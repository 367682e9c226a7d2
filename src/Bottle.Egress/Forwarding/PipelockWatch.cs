namespace Bottle.Egress.Forwarding;

/// <summary>
/// Ends requests that a frozen pipelock would hold for ever. It knows nothing of how long an upstream is silent: while requests are under way and nothing at all comes through pipelock, pipelock itself is
/// asked now and then whether it lives, and when it twice says nothing, all of them end. One timer for all: one for each would cost a request more than its line in the log.
/// </summary>
internal sealed class PipelockWatch(PipelockPulse pulse, TimeSpan interval, TimeProvider clock)
{
    private readonly Lock _lock = new();
    private readonly HashSet<CancellationTokenSource> _requests = [];
    private bool _isLooking;
    private long _heard;

    /// <summary>Notes that something came through pipelock. Counts may be lost among threads; that it changed is enough.</summary>
    public void Hear() => Volatile.Write(ref _heard, _heard + 1);

    /// <summary>Cancels <paramref name="abandon"/> when pipelock is found silent, until it leaves.</summary>
    public void Join(CancellationTokenSource abandon)
    {
        lock (_lock)
        {
            _requests.Add(abandon);
            if (!_isLooking)
            {
                _isLooking = true;
                _ = LookAsync();
            }
        }
    }

    /// <summary>Ends what <see cref="Join"/> began; comes before the disposal.</summary>
    public void Leave(CancellationTokenSource abandon)
    {
        lock (_lock)
        {
            _requests.Remove(abandon);
        }
    }

    private async Task LookAsync()
    {
        var last = -1L;
        while (true)
        {
            await Task.Delay(interval, clock).ConfigureAwait(false);
            if (!IsNeeded())
            {
                return;
            }
            var heard = Volatile.Read(ref _heard);
            if (heard == last && await pulse.IsSilentAsync().ConfigureAwait(false) && Volatile.Read(ref _heard) == heard)
            {
                EndAll();
            }
            last = heard;
        }
    }

    private bool IsNeeded()
    {
        lock (_lock)
        {
            return _isLooking = _requests.Count > 0;
        }
    }

    private void EndAll()
    {
        // Under the lock, because what has left is disposed of; what the cancellation sets off runs elsewhere.
        lock (_lock)
        {
            foreach (var abandon in _requests)
            {
                _ = abandon.CancelAsync();
            }
        }
    }
}
