using System.Security.Cryptography;
using System.Text;
using Bottle.Contracts.Supervision;
using Bottle.Supervise.Hosting;

namespace Bottle.Supervise.Queue;

/// <summary>
/// The open questions (SPEC I3). The same question is asked once, however many callers wait for its answer and however often they come back. What is open is on disk, so that a killed sidecar goes on where it was.
/// </summary>
internal sealed class ProposalQueue
{
    private const string IdLetters = "abcdefghijklmnopqrstuvwxyz0123456789";
    private const int IdLength = 8;

    private readonly Lock _lock = new();
    private readonly Dictionary<(ProposalTool, string), OpenProposal> _open = [];
    private readonly HashSet<string> _usedIds = new(StringComparer.Ordinal);
    private readonly SuperviseSettings _settings;
    private readonly TimeProvider _clock;
    private readonly ServerLog _log;
    private readonly QueueFolder _folder;

    /// <summary>Takes up what is on disk. Throws <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/> when the folders cannot be used.</summary>
    public ProposalQueue(SuperviseSettings settings, TimeProvider clock, ServerLog log)
    {
        (_settings, _clock, _log) = (settings, clock, log);
        _folder = new QueueFolder(settings.Queue);
        foreach (var proposal in _folder.ReadProposals(log.Write))
        {
            var key = (proposal.Tool, ProposedQuestion.Of(proposal.Tool, proposal.Request, proposal.Steps).Key);
            _open[key] = new OpenProposal(proposal, key);
        }
    }

    /// <summary>How many questions are open.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _open.Count;
            }
        }
    }

    /// <summary>How many callers wait for answers.</summary>
    public int CountWaiting()
    {
        lock (_lock)
        {
            return _open.Values.Sum(open => open.Waiting);
        }
    }

    /// <summary>What is wrong with the folders; null when nothing is.</summary>
    public string? FindProblem() => _folder.FindProblem();

    /// <summary>Whether the question is open, so that asking it again joins it.</summary>
    public bool IsOpen(ProposedQuestion question)
    {
        lock (_lock)
        {
            return _open.ContainsKey((question.Tool, question.Key));
        }
    }

    /// <summary>Asks, or joins the same question. Every call must be followed by <see cref="Leave"/>.</summary>
    /// <exception cref="QueueException">It cannot be asked now.</exception>
    public OpenProposal Join(ProposedQuestion question, string reason)
    {
        var key = (question.Tool, question.Key);
        lock (_lock)
        {
            if (!_open.TryGetValue(key, out var open))
            {
                MakeRoom();
                open = new OpenProposal(Write(question, reason), key);
                _open.Add(key, open);
            }
            open.Waiting++;
            return open;
        }
    }

    /// <summary>A caller waits no longer.</summary>
    public void Leave(OpenProposal open)
    {
        lock (_lock)
        {
            open.Waiting--;
        }
    }

    /// <summary>The answer reached its caller: the question is over, and the same one asked again is a new one.</summary>
    public void Consume(OpenProposal open)
    {
        lock (_lock)
        {
            if (_open.GetValueOrDefault(open.Key) == open)
            {
                Remove(open);
            }
        }
    }

    /// <summary>Waits for the final answer. <paramref name="report"/> hears at once, at every change and every <see cref="SuperviseSettings.KeepAlive"/> how it stands.</summary>
    public async Task<Answer> WaitAsync(OpenProposal open, Func<AnswerDecision?, TimeSpan, Task> report, CancellationToken cancellationToken)
    {
        var start = _clock.GetTimestamp();
        var (next, last) = (TimeSpan.Zero, (AnswerDecision?)null);
        while (true)
        {
            var answer = open.Final ?? ReadAnswer(open);
            if (answer is { IsFinal: true })
            {
                return open.Final = answer;
            }
            var elapsed = _clock.GetElapsedTime(start);
            if (elapsed >= next || answer?.Decision != last)
            {
                last = answer?.Decision;
                next = elapsed + _settings.KeepAlive;
                await report(last, elapsed).ConfigureAwait(false);
            }
            await Task.Delay(_settings.Poll, _clock, cancellationToken).ConfigureAwait(false);
        }
    }

    private Answer? ReadAnswer(OpenProposal open)
    {
        try
        {
            return _folder.ReadAnswer(open.Proposal.Id);
        }
        catch (FormatException e)
        {
            if (open.AnswerProblem != e.Message)
            {
                open.AnswerProblem = e.Message;
                _log.Write($"answers/{open.Proposal.Id}.json is ignored: {e.Message}");
            }
            return null;
        }
    }

    /// <summary>Forgets answers that nobody came back for, the oldest first, when there is no room otherwise.</summary>
    private void MakeRoom()
    {
        while (_open.Count >= ProposalLimits.Open)
        {
            var stale = _open.Values.Where(open => open.Waiting == 0 && (open.Final ?? ReadAnswer(open)) is { IsFinal: true }).MinBy(open => open.Proposal.Created)
                ?? throw new QueueException($"{ProposalLimits.Open} proposals are open already; wait until the operator has answered some of them, and ask for what you need most first");
            _log.Write($"{stale.Proposal.Id} was answered and never fetched: forgotten");
            Remove(stale);
        }
    }

    private void Remove(OpenProposal open)
    {
        _open.Remove(open.Key);
        try
        {
            _folder.Remove(open.Proposal.Id);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _log.Write($"{open.Proposal.Id} cannot be removed: {e.Message}");
        }
    }

    private Proposal Write(ProposedQuestion question, string reason)
    {
        var proposal = Proposal.Create(NewId(question.Tool), _clock.GetUtcNow(), question, reason);
        var text = ProposalFormat.Write(proposal);
        if (Encoding.UTF8.GetByteCount(text) > ProposalLimits.FileBytes)
        {
            throw new QueueException($"the proposal is larger than {ProposalLimits.FileBytes / 1024} KiB; shorten it");
        }
        try
        {
            _folder.Write(proposal.Id, text);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _log.Write($"{proposal.Id} cannot be written: {e.Message}");
            throw new QueueException("the proposal cannot be written at the moment; tell the user, and try again later");
        }
        _log.Write($"{proposal.Id} asked: {proposal.Request?.Method} {proposal.Request?.Url}");
        return proposal;
    }

    private string NewId(ProposalTool tool)
    {
        string id;
        do
        {
            id = $"{tool.Name()}-{RandomNumberGenerator.GetString(IdLetters, IdLength)}";
        }
        while (!_usedIds.Add(id) || _folder.Has(id));
        return id;
    }
}
