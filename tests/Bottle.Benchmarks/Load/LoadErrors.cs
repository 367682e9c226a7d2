namespace Bottle.Benchmarks.Load;

/// <summary>Counts failures and keeps the first few messages.</summary>
internal sealed class LoadErrors
{
    private const int Kept = 5;
    private readonly Lock _lock = new();
    private readonly List<string> _first = [];

    internal int Count { get; private set; }

    internal IReadOnlyList<string> First => _first;

    internal void Add(string message)
    {
        lock (_lock)
        {
            Count++;
            if (_first.Count < Kept)
                _first.Add(message);
        }
    }

    internal void Add(LoadErrors others)
    {
        foreach (var message in others.First)
            Add(message);
        lock (_lock)
            Count += others.Count - others.First.Count;
    }
}
