using System.Security.Cryptography;
using Bottle.GitGate.Repositories;

namespace Bottle.GitGate.Pushing;

/// <summary>One push from its connection to its end. It holds the repository's refs from the moment that the push goes upstream until receive-pack has moved the gate's own, so that no refresh comes in between.</summary>
internal sealed class PushSession(Repository repository, string client, Action<PushSession> ended) : IDisposable
{
    /// <summary>The variable by which the hook knows its session.</summary>
    public const string IdVariable = "GIT_GATE_PUSH";

    // Longer than receive-pack needs to move refs; a client that does not read its report cannot hold the refs of others.
    private static readonly TimeSpan HoldLimit = TimeSpan.FromSeconds(30);
    private readonly CancellationTokenSource _limit = new();
    private int _held;

    /// <summary>The session's name.</summary>
    public string Id { get; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    /// <summary>The repository.</summary>
    public Repository Repository { get; } = repository;

    /// <summary>The client's address, for the log.</summary>
    public string Client { get; } = client;

    /// <summary>Waits until this session alone may move refs.</summary>
    public async Task HoldRefsAsync()
    {
        await Repository.Moving.WaitAsync();
        Volatile.Write(ref _held, 1);
    }

    /// <summary>Starts the clock on receive-pack, which now moves the refs.</summary>
    public void AwaitMove()
    {
        _limit.Token.Register(RefsMoved);
        _limit.CancelAfter(HoldLimit);
    }

    /// <summary>The refs have moved, or will not: others may go on.</summary>
    public void RefsMoved()
    {
        if (Interlocked.Exchange(ref _held, 0) == 1)
        {
            Repository.Moving.Release();
        }
    }

    /// <summary>Receive-pack has ended.</summary>
    public void Dispose()
    {
        RefsMoved();
        ended(this);
        _limit.Dispose();
    }
}
