using System.Collections.Concurrent;
using Bottle.GitGate.Pushing;

namespace Bottle.GitGate.Serving;

/// <summary>What the gate serves, and the pushes that are under way.</summary>
internal sealed class GateState(IReadOnlyList<ServedRepository> repositories)
{
    private readonly Dictionary<string, ServedRepository> _byName = repositories.ToDictionary(served => served.Repository.Settings.Name, StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, PushSession> _sessions = new(StringComparer.Ordinal);

    /// <summary>Every repository.</summary>
    public IReadOnlyList<ServedRepository> Repositories => repositories;

    /// <summary>The declared names.</summary>
    public IEnumerable<string> Names => repositories.Select(served => served.Repository.Settings.Name);

    /// <summary>The repository of that name, or null.</summary>
    public ServedRepository? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>Opens a push; disposing it ends it.</summary>
    public PushSession Open(ServedRepository served, string client)
    {
        var session = new PushSession(served.Repository, client, ended => _sessions.TryRemove(ended.Id, out _));
        _sessions[session.Id] = session;
        return session;
    }

    /// <summary>The push of that id, or null.</summary>
    public PushSession? Push(string id) => _sessions.GetValueOrDefault(id);
}
