using System.Globalization;
using Bottle.Contracts.Denials;
using Bottle.Contracts.Routes;
using Bottle.Egress.Hosting;
using Bottle.Egress.Requests;

namespace Bottle.Egress.Policy;

/// <summary>
/// Counts what the run has used, with or without a budget, and says when a kind of it is spent (SPEC N10). Counts are kept in a file: at most once a second, at the end, and always before anybody hears
/// that a kind is spent; they never go down. A request is charged when it sets out: what egress refuses by itself costs nothing, or an agent that errs would use up its run. Bytes are charged as they
/// pass, tokens as answers tell them; of these a request that is under way may use more than was left. With a budget and a file that cannot be read or written, nothing is let out.
/// </summary>
internal sealed class BudgetBook : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly CountFile<BudgetCounts> _file;
    private readonly TimeProvider _clock;
    private readonly ITimer _timer;
    private readonly Lock _lock = new();
    private volatile Budget? _limits;
    private volatile BudgetCounts? _saved;
    private volatile string? _unread;
    private volatile string? _unwritten;
    private long _startedTicks;
    private long _requests;
    private long _bytes;
    private long _tokens;
    private long _unreadAnswers;
    private int _isDue;

    public BudgetBook(string path, TimeProvider clock)
    {
        _file = new CountFile<BudgetCounts>(path, static text => BudgetFormat.ReadCounts(text), BudgetFormat.Write);
        _clock = clock;
        _startedTicks = clock.GetUtcNow().UtcTicks;
        _timer = clock.CreateTimer(static book => ((BudgetBook)book!).SaveWhatIsDue(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Recover();
    }

    /// <summary>Why nothing can be counted, or null.</summary>
    public string? Problem => _unread ?? _unwritten;

    /// <summary>When the minutes are over; null when they are not limited.</summary>
    public DateTimeOffset? End => _limits?.Minutes is { } minutes ? Started.AddMinutes(minutes) : null;

    private DateTimeOffset Started => new(Interlocked.Read(ref _startedTicks), TimeSpan.Zero);

    /// <summary>Puts other limits in force; null = none. Counts stay.</summary>
    public void Limit(Budget? limits) => _limits = limits;

    /// <summary>How the budget stands.</summary>
    public BudgetReport Report() => BudgetReport.Of(_limits, Count().At(_clock.GetUtcNow())) with { Error = Problem };

    /// <summary>
    /// Comes before anybody hears that a kind is spent: an egress that is killed after it said so must not come back and know nothing of it. Leaves the socket's thread, which must not wait for the disk.
    /// </summary>
    public async ValueTask KeepAsync()
    {
        if (_unwritten is null && HasUnsavedEnd())
        {
            await SocketThread.Leave();
            Save();
        }
    }

    /// <summary>The refusal of a request that has not set out; null while all kinds have something left.</summary>
    public Refusal? FindRefusal()
    {
        if (_limits is not { } limits)
        {
            return null;
        }
        var isSpent = IsSpent(Volatile.Read(ref _requests), limits.Requests) || IsSpent(Volatile.Read(ref _bytes), limits.Bytes) || IsSpent(Volatile.Read(ref _tokens), limits.Tokens) || End <= _clock.GetUtcNow();
        if (isSpent && Refuse() is { } refusal)
        {
            return refusal;
        }
        return Problem is null ? null : new Refusal(DenialCodes.BudgetUncounted, "the run has a budget, and egress cannot keep count of it at the moment; the operator has to look at its log folder");
    }

    /// <summary>Charges one request that sets out; the refusal when there is none left. Never gives the last one twice.</summary>
    public Refusal? TryTakeRequest()
    {
        while (true)
        {
            if (FindRefusal() is { } refusal)
            {
                return refusal;
            }
            var seen = Volatile.Read(ref _requests);
            if (!IsSpent(seen, _limits?.Requests) && Interlocked.CompareExchange(ref _requests, seen + 1, seen) == seen)
            {
                MarkDue();
                return null;
            }
        }
    }

    /// <summary>Charges body bytes of a request that is under way.</summary>
    public void AddBytes(long bytes)
    {
        Interlocked.Add(ref _bytes, bytes);
        MarkDue();
    }

    /// <summary>The refusal that ends a body which would go on; null while there are bytes left.</summary>
    public Refusal? FindByteRefusal() => _limits is { Bytes: { } most } && IsSpent(Volatile.Read(ref _bytes), most) ? Refuse() : null;

    /// <summary>Charges tokens that an answer told.</summary>
    public void AddTokens(long tokens)
    {
        // What is beyond every limit need not be told apart.
        if (tokens > 0 && Interlocked.Add(ref _tokens, tokens) > Budget.Most)
        {
            Interlocked.Exchange(ref _tokens, Budget.Most);
        }
        MarkDue();
    }

    /// <summary>Notes an answer whose tokens nobody knows.</summary>
    public void AddUnreadAnswer()
    {
        Interlocked.Increment(ref _unreadAnswers);
        MarkDue();
    }

    /// <summary>Reads the file again when it could not be read, and tries again to write it.</summary>
    public void Recover()
    {
        lock (_lock)
        {
            if (_saved is null)
            {
                _unread = _file.TryRead(out var before);
                Adopt(before);
            }
        }
        MarkDue();
    }

    /// <summary>Writes what was counted since the file was written last.</summary>
    public void Save()
    {
        lock (_lock)
        {
            // A file that cannot be read stays as it is: it is evidence.
            var counts = Count();
            if (_unread is not null || counts == _saved)
            {
                return;
            }
            // Nothing depends on the count of a run without a budget.
            _unwritten = _file.TryWrite(counts, durable: _limits is not null);
            _saved = _unwritten is null ? counts : _saved;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _timer.Dispose();
        Save();
    }

    private static bool IsSpent(long used, long? limit) => used >= limit;

    /// <summary>Whether a kind is spent, and the file does not know it.</summary>
    private bool HasUnsavedEnd()
    {
        var (limits, now) = (_limits, _clock.GetUtcNow());
        var saved = _saved is { } counts ? BudgetReport.Of(limits, counts.At(now)).ToLines() : null;
        return BudgetReport.Of(limits, Count().At(now)).ToLines().Any(pair => pair.Line.State == BudgetState.Spent && saved?[(int)pair.Kind].Line.State != BudgetState.Spent);
    }

    /// <summary>Null when a reload has just brought more.</summary>
    private Refusal? Refuse()
    {
        var spent = Report().ToLines().Where(pair => pair.Line.State == BudgetState.Spent)
            .Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Line.Used} of {pair.Line.Limit} {pair.Kind.ToString().ToLowerInvariant()}")).ToArray();
        return spent.Length == 0 ? null : new Refusal(DenialCodes.BudgetSpent, $"the budget of this run is spent ({string.Join(", ", spent)}); the operator may extend it");
    }

    private BudgetCounts Count() => new()
    {
        Started = Started,
        Requests = Interlocked.Read(ref _requests),
        Bytes = Interlocked.Read(ref _bytes),
        Tokens = Interlocked.Read(ref _tokens),
        UnreadAnswers = Interlocked.Read(ref _unreadAnswers),
    };

    /// <summary>Adds what was counted before this egress started. What came since, while the file could not be read, comes on top.</summary>
    private void Adopt(BudgetCounts? before)
    {
        if (before is null)
        {
            return;
        }
        Interlocked.Exchange(ref _startedTicks, Math.Min(before.Started.UtcTicks, Started.UtcTicks));
        Interlocked.Add(ref _requests, before.Requests);
        Interlocked.Add(ref _bytes, before.Bytes);
        AddTokens(before.Tokens);
        Interlocked.Add(ref _unreadAnswers, before.UnreadAnswers);
        _saved = before;
    }

    private void MarkDue()
    {
        if (Volatile.Read(ref _isDue) == 0 && Interlocked.Exchange(ref _isDue, 1) == 0)
        {
            _timer.Change(Pause, Timeout.InfiniteTimeSpan);
        }
    }

    private void SaveWhatIsDue()
    {
        // First, so that what is counted from here on is due again.
        Volatile.Write(ref _isDue, 0);
        Save();
        if (_unwritten is not null)
        {
            MarkDue();
        }
    }
}
