namespace Bottle.Egress.Forwarding;

/// <summary>
/// Ends answers that a frozen pipelock would hold for ever. It knows nothing of how long an upstream is silent: while answers are under way pipelock itself is asked now and then whether it lives, and
/// only when it twice says nothing, and no answer of any host has brought a byte meanwhile, all of them end.
/// </summary>
internal sealed class PipelockWatch(PipelockPulse pulse, TimeSpan interval, TimeProvider clock)
{
    private readonly Lock _lock = new();
    private readonly HashSet<CancellationTokenSource> _answers = [];
    private bool _isLooking;
    private long _heard;

    /// <summary>Notes that something came through pipelock. Counts may be lost among threads; that it changed is enough.</summary>
    public void Hear() => Volatile.Write(ref _heard, _heard + 1);

    /// <summary>Awaits the copy of an answer; while it lasts, <paramref name="abandon"/> is cancelled when pipelock is found silent.</summary>
    public async Task UntilAsync(Task copy, CancellationTokenSource abandon)
    {
        // Most answers are copied before anybody could look.
        if (copy.IsCompleted)
        {
            await copy.ConfigureAwait(false);
            return;
        }
        Join(abandon);
        try
        {
            await copy.ConfigureAwait(false);
        }
        finally
        {
            Leave(abandon);
        }
    }

    private void Join(CancellationTokenSource abandon)
    {
        Hear();
        lock (_lock)
        {
            _answers.Add(abandon);
            if (!_isLooking)
            {
                _isLooking = true;
                _ = LookAsync();
            }
        }
    }

    private async Task LookAsync()
    {
        while (true)
        {
            await Task.Delay(interval, clock).ConfigureAwait(false);
            if (!IsNeeded())
            {
                return;
            }
            var heard = Volatile.Read(ref _heard);
            if (await pulse.IsSilentAsync().ConfigureAwait(false) && Volatile.Read(ref _heard) == heard)
            {
                EndAll();
            }
        }
    }

    private bool IsNeeded()
    {
        lock (_lock)
        {
            return _isLooking = _answers.Count > 0;
        }
    }

    private void EndAll()
    {
        // Under the lock, because what has left is disposed of; what the cancellation sets off runs elsewhere.
        lock (_lock)
        {
            foreach (var abandon in _answers)
            {
                _ = abandon.CancelAsync();
            }
        }
    }

    private void Leave(CancellationTokenSource abandon)
    {
        lock (_lock)
        {
            _answers.Remove(abandon);
        }
    }
}
