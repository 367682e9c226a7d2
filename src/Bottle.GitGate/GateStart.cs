using System.Runtime.InteropServices;
using Bottle.Contracts.Git;
using Bottle.GitGate.Repositories;
using Bottle.GitGate.Serving;
using Bottle.GitGate.Upstream;

namespace Bottle.GitGate;

/// <summary>What the gate does before it listens: checks what is mounted, writes ssh's files, lays the repositories out.</summary>
internal static partial class GateStart
{
    /// <summary>The state to serve.</summary>
    /// <exception cref="FormatException">Mounted files that are missing or cannot be read, all at once.</exception>
    public static GateState Prepare(GateFile file, SshProxy? proxy)
    {
        var problems = file.Repositories.SelectMany(Problems).ToArray();
        if (problems.Length > 0)
        {
            throw new FormatException(string.Join('\n', problems));
        }
        Directory.CreateDirectory($"{GatePaths.Work}/ssh", UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        WritePasswd();
        return new GateState([.. file.Repositories.Select(repository => Prepare(repository, proxy))]);
    }

    private static ServedRepository Prepare(GateRepository settings, SshProxy? proxy)
    {
        SshSettings.Write(settings, proxy);
        var url = SshUpstream.TryParse(settings.Upstream, out var upstream, out var problem) ? upstream.Url : throw new FormatException(problem);
        var repository = new Repository(settings, url);
        var isKept = RepositoryStore.Prepare(repository);
        return new ServedRepository(repository, new Freshness(repository, isKept));
    }

    private static IEnumerable<string> Problems(GateRepository repository)
    {
        foreach (var path in new[] { $"{GatePaths.Keys}/{repository.Name}", $"{GatePaths.KnownHosts}/{repository.Name}" })
        {
            if (Trouble(path) is { } trouble)
            {
                yield return $"{path}: {trouble}";
            }
        }
    }

    private static string? Trouble(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            return file.Length == 0 ? "the file is empty" : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return e is UnauthorizedAccessException ? "cannot be read by the gate's user" : "not there";
        }
    }

    private static void WritePasswd() => File.WriteAllText(GatePaths.Passwd, $"root:x:0:0:root:/:/bin/sh\ngate:x:{GetUid()}:{GetGid()}:gate:{GatePaths.Work}:/bin/sh\n");

    [LibraryImport("libc", EntryPoint = "getuid")]
    private static partial uint GetUid();

    [LibraryImport("libc", EntryPoint = "getgid")]
    private static partial uint GetGid();
}
