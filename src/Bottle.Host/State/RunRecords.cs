using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Core.Planning;

namespace Bottle.Host.State;

/// <summary>What is kept of runs after their state is gone: <c>runs/&lt;identity&gt;/</c>, 0700 and 0600 (SPEC B8).</summary>
public sealed class RunRecords(BottleHome home, TimeProvider time)
{
    /// <summary>The request log's name.</summary>
    public const string Requests = "requests.jsonl";

    /// <summary>The name of the request log's newest lines, there when the first file was full.</summary>
    public const string NewestRequests = "requests.1.jsonl";

    /// <summary>The name of what egress counted of the run's budget.</summary>
    public const string Budget = Contracts.Routes.BudgetCounts.FileName;

    /// <summary>The name of the merged logs of a failed run.</summary>
    public const string ComposeLog = "compose.log";

    /// <summary>The name of the record of how the agent of a detached run ended.</summary>
    public const string Exit = "exit.json";

    /// <summary>The name of what the keeper of a detached run says.</summary>
    public const string KeeperLog = "keeper.log";

    /// <summary>The name of the plan in force at the end.</summary>
    public const string Plan = "plan.json";

    /// <summary>The name of the receipt.</summary>
    public const string Receipt = "receipt.json";

    /// <summary>The name of the patch of what the agent changed in its copied directory.</summary>
    public const string WorkPatch = "work.patch";

    /// <summary>The name of the list of what is in it.</summary>
    public const string Work = "work.json";

    /// <summary>How long records are kept.</summary>
    public static readonly TimeSpan Age = TimeSpan.FromDays(30);

    /// <summary>How many bytes of records are kept.</summary>
    public const long Size = 1024L * 1024 * 1024;

    // Egress caps its log; a broken egress must not fill the disk a second time.
    private const long LargestLog = 64L * 1024 * 1024;

    /// <summary>
    /// Copies what egress logged, its first lines and its newest: regular files, each at most 64 MiB, no link followed. Returns the copies' paths, none when there is no log.
    /// BTL5301 for each that must not be read, when the other one has been copied.
    /// </summary>
    public IReadOnlyList<string> CopyRequests(StateDirectory state)
    {
        var copies = new List<string>();
        var problems = new List<Diagnostic>();
        foreach (var (log, name) in (ReadOnlySpan<(string, string)>)[(StateLayout.RequestLog, Requests), (StateLayout.NewestRequestLog, NewestRequests)])
        {
            try
            {
                if (SafeReading.Read(state[log], LargestLog) is var (content, truncated))
                    copies.Add(WriteLog(state.Identity, name, content, truncated));
            }
            catch (IOException e)
            {
                problems.Add(SessionErrors.RecordUnreadable(state[log], e.Message));
            }
        }
        return problems.Count == 0 ? copies : throw new BottleException(problems);
    }

    /// <summary>Writes one record of a run, whole, and returns its path.</summary>
    public string Keep(string identity, string name, byte[] content) => Write(identity, name, stream => stream.Write(content));

    /// <summary>Writes the logs of a run and returns their path.</summary>
    public async Task<string> WriteComposeLogAsync(string identity, Func<TextWriter, Task> write)
    {
        using var text = new MemoryStream();
        await using (var writer = new StreamWriter(text, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\n" })
            await write(writer).ConfigureAwait(false);
        return Write(identity, ComposeLog, text.WriteTo);
    }

    /// <summary>Writes how the agent ended, for who comes back later.</summary>
    public void WriteExit(string identity, int code) =>
        Write(identity, Exit, stream => stream.Write(JsonSerializer.SerializeToUtf8Bytes(new AgentEnd(code, time.GetUtcNow()), RunRecordJson.Default.AgentEnd)));

    /// <summary>How the agent of a detached run ended; null when nothing says so.</summary>
    public AgentEnd? ReadExit(string identity)
    {
        try
        {
            return SafeReading.Read(Path.Combine(home.Runs(identity), Exit), 4096) is var (content, _) ? JsonSerializer.Deserialize(content, RunRecordJson.Default.AgentEnd) : null;
        }
        catch (Exception e) when (e is JsonException or IOException)
        {
            return null;
        }
    }

    /// <summary>Keeps a patch, and the list of what is in it.</summary>
    public void WriteWork(string identity, string patch, byte[] list)
    {
        WriteBeside(identity, WorkPatch, target =>
        {
            using var source = File.OpenRead(patch);
            source.CopyTo(target);
        });
        WriteBeside(identity, Work, target => target.Write(list));
    }

    /// <summary>Writes a file of the run's records and returns its path.</summary>
    internal string WriteBeside(string identity, string name, Action<Stream> content) => Write(identity, name, content);

    /// <summary>The path where a keeper writes what it says; its folder is made, and what an earlier one said is gone.</summary>
    public string NewKeeperLog(string identity)
    {
        var log = Write(identity, KeeperLog, _ => { });
        File.Delete(Path.Combine(home.Runs(identity), Exit));
        return log;
    }

    /// <summary>Removes the oldest records until none is older than 30 days and all together are no larger than 1 GiB; the newest one stays.</summary>
    public void Prune(long size = Size)
    {
        if (!Directory.Exists(home.RunsRoot))
            return;
        var runs = new DirectoryInfo(home.RunsRoot).EnumerateDirectories()
            .Where(d => d.LinkTarget is null && Identity.IsValid(d.Name))
            .OrderByDescending(d => d.LastWriteTimeUtc).ToList();
        var total = 0L;
        foreach (var (run, index) in runs.Select((run, index) => (run, index)))
        {
            total += run.EnumerateFiles().Sum(f => f.Length);
            if (index > 0 && (total > size || time.GetUtcNow() - run.LastWriteTimeUtc > Age))
                run.Delete(recursive: true);
        }
    }

    private string WriteLog(string identity, string name, byte[] content, bool truncated) => Write(identity, name, stream =>
    {
        stream.Write(content);
        if (truncated)
            stream.Write("\n{\"truncated\":true}\n"u8);
    });

    private string Write(string identity, string name, Action<Stream> content)
    {
        SafeFolder.Create(home.Runs(identity));
        // Earlier versions made it readable by everybody.
        File.SetUnixFileMode(home.RunsRoot, SafeFolder.Private);
        var path = Path.Combine(home.Runs(identity), name);
        AtomicFile.Write(path, content, AtomicFile.Secret);
        return path;
    }
}

/// <summary>How an agent ended.</summary>
/// <param name="AgentExit">Its exit code.</param>
/// <param name="EndedAt">UTC.</param>
public sealed record AgentEnd(int AgentExit, DateTimeOffset EndedAt);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(AgentEnd))]
internal sealed partial class RunRecordJson : JsonSerializerContext;
