using System.Text;
using Bottle.Contracts.Git;
using Bottle.GitGate.Pushing;
using Bottle.GitGate.Repositories;

namespace Bottle.GitGate.Scanning;

/// <summary>Scans everything that a push brings: every new blob, commit and tag, every new path, and the names of its refs.</summary>
internal sealed class PushScan(Repository repository, Quarantine quarantine, NewObjects pushed) : IDisposable
{
    // Larger objects are scanned as they stream by, and not unpacked.
    private const int HeldInMemory = 8 * 1024 * 1024;
    private const long BatchLimit = 32 * 1024 * 1024;
    private readonly Dictionary<string, ChangedPath> _origins = Origins(pushed.Changes);
    private readonly List<Finding> _findings = [];
    private ScanFolder _folder = new();

    /// <summary>LFS pointers among the new files.</summary>
    public IReadOnlyList<string> LargeFilePointers { get; private set; } = [];

    /// <summary>What was found, the same finding once.</summary>
    /// <exception cref="InvalidOperationException">The scan could not be done.</exception>
    public async Task<IReadOnlyList<Finding>> RunAsync(IReadOnlyList<RefUpdate> updates)
    {
        await Task.Run(() => ScanAll(updates));
        return [.. _findings.DistinctBy(finding => (finding.Fingerprint, finding.Commit)).OrderBy(finding => finding.Place, StringComparer.Ordinal).ThenBy(finding => finding.Line)];
    }

    /// <summary>Removes what was written for the scanner.</summary>
    public void Dispose() => _folder.Dispose();

    private void ScanAll(IReadOnlyList<RefUpdate> updates)
    {
        var ids = pushed.Objects.Where(found => found.Type != "tree").Select(found => found.Id).ToArray();
        var pointers = new SortedSet<string>(StringComparer.Ordinal);
        AddNames(updates);
        using var reader = new ObjectReader(repository, repository.EnvironmentWith(quarantine.Variables));
        reader.Read(ids, (found, content) => Add(found, content, pointers));
        Search();
        LargeFilePointers = [.. pointers];
    }

    private void Add(GitObject found, Stream content, SortedSet<string> pointers)
    {
        if (found.Size > HeldInMemory)
        {
            AddLarge(found, content);
            return;
        }
        var bytes = new byte[found.Size];
        content.ReadExactly(bytes);
        if (found.Type == "blob" && bytes.Length < 1024 && bytes.AsSpan().StartsWith("version https://git-lfs.github.com/spec/"u8))
        {
            pointers.Add(Inert.Text(PathOf(found.Id)));
        }
        foreach (var view in Views.Of(bytes))
        {
            AddView(found.Id, found.Type, view);
        }
    }

    // Piece after piece, each with the end of the one before; NULs are dropped, so that UTF-16 is seen here too.
    private void AddLarge(GitObject found, Stream content)
    {
        const int Kept = 8 * 1024;
        var buffer = new byte[1024 * 1024];
        int held = 0, line = 1, read;
        while ((read = content.ReadAtLeast(buffer.AsSpan(held), buffer.Length - held, throwOnEndOfStream: false)) > 0)
        {
            var piece = Views.WithoutNuls(buffer[..(held + read)]);
            Views.Defuse(piece);
            var first = line;
            AddView(found.Id, found.Type, new View(piece, [.. Enumerable.Range(first, piece.AsSpan().Count((byte)'\n') + 1)]));
            var next = Math.Min(Kept, held + read);
            line += buffer.AsSpan(0, held + read - next).Count((byte)'\n');
            buffer.AsSpan(held + read - next, next).CopyTo(buffer);
            held = next;
        }
    }

    private void AddNames(IReadOnlyList<RefUpdate> updates)
    {
        var names = updates.Select(update => update.Ref).Concat(pushed.Changes.Where(change => !change.IsRemoved).Select(change => change.Path)).Concat(pushed.NamedPaths.Values).Distinct(StringComparer.Ordinal);
        var text = Encoding.UTF8.GetBytes(string.Concat(names.Select(name => name.ReplaceLineEndings(" ") + "\n")));
        foreach (var view in Views.Of(text))
        {
            AddView(null, "names", view);
        }
    }

    private void AddView(string? id, string type, View view)
    {
        _folder.Add(id, type, view);
        if (_folder.Size >= BatchLimit)
        {
            Search();
            _folder.Dispose();
            _folder = new ScanFolder();
        }
    }

    private void Search()
    {
        _folder.Finish();
        var leaks = Gitleaks.RunAsync(_folder).GetAwaiter().GetResult();
        var secrets = leaks.Select(leak => leak.Secret).Where(secret => secret.Length > 0).Distinct(StringComparer.Ordinal).OrderByDescending(secret => secret.Length).ToArray();
        foreach (var leak in leaks)
        {
            if (_folder.Resolve(leak.File, leak.Line) is not var (source, line))
            {
                throw new InvalidOperationException("gitleaks reports a line that was not written");
            }
            var finding = Explain(leak, source, line, secrets);
            if (!repository.Settings.Scan.AllowFingerprints.Contains(finding.Fingerprint, StringComparer.OrdinalIgnoreCase))
            {
                _findings.Add(finding);
            }
        }
    }

    private Finding Explain(Leak leak, ScanSource source, int line, string[] secrets)
    {
        var (path, commit) = source.Type switch
        {
            "names" => ("the name of a file, branch or tag", null),
            "commit" => ("a commit's message or author", source.ObjectId),
            "tag" => ("a tag's message", null),
            _ => (PathOf(source.ObjectId!), _origins.GetValueOrDefault(source.ObjectId!)?.Commit),
        };
        var place = Inert.Text(secrets.Aggregate(path, (text, secret) => text.Replace(secret, "***", StringComparison.Ordinal)));
        if (source.View.Inside is { } inside)
        {
            place += $" ({Inert.Text(secrets.Aggregate(inside, (text, secret) => text.Replace(secret, "***", StringComparison.Ordinal)))})";
        }
        return new Finding(leak.Rule, place, source.Type == "names" ? 0 : line, commit, FindingFingerprint.Of(leak.Rule, path, leak.Secret));
    }

    private string PathOf(string id) => _origins.TryGetValue(id, out var origin) ? origin.Path : pushed.NamedPaths.GetValueOrDefault(id) ?? $"a file without a path ({id[..12]})";

    // Newest commits come first; the last one that is seen brought the object.
    private static Dictionary<string, ChangedPath> Origins(IReadOnlyList<ChangedPath> changes)
    {
        var origins = new Dictionary<string, ChangedPath>(StringComparer.Ordinal);
        foreach (var change in changes)
        {
            origins[change.NewId] = change;
        }
        return origins;
    }
}
