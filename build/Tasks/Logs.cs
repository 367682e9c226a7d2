using Bottle.Build.Doors;
using Bottle.Build.Runs;
using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Host.Docker;
using Bottle.Host.State;
using Cake.Frosting;

namespace Bottle.Build.Tasks;

/// <summary>Shows what all containers of a run wrote, merged by time and inert (SPEC E7, M4); of a run that is over, the compose.log that is kept. With <c>--follow</c> it goes on until the containers end. Only looks.</summary>
[TaskDescription("Shows the merged logs of a run's containers (--bottle [--follow])")]
[Takes("bottle", "follow")]
internal sealed class Logs : AsyncFrostingTask<BottleContext>
{
    private const int ServiceWidth = 12;

    public override async Task RunAsync(BottleContext context)
    {
        var identity = context.Arguments.Bottle ?? throw new BottleException(CommandLineErrors.MissingArgument("bottle", nameof(Logs), "dotnet cake --target=Logs --bottle=demo-k3x9a"));
        var data = context.Console.Data;
        var logs = new BottleLogs(context.Engine, context.Home.Hash, identity);
        var lines = context.Store.Open(identity) is null ? [] : await logs.ReadAsync(cancellationToken: context.Cancellation);
        var isLive = lines.Count > 0;
        // After lines that are documents themselves no other one follows.
        if (context.Arguments is { Json: true, Follow: true }) data.BeginLines();
        if (!isLive) lines = Kept(context, identity);
        if (context.Arguments is { Json: true, Follow: false })
        {
            data.WriteLine(Document(identity, lines));
            return;
        }

        void Write(LogLine line) => data.WriteLine(context.Arguments.Json ? line.Json(identity) : line.Inert(ServiceWidth));
        foreach (var line in lines) Write(line);
        if (!context.Arguments.Follow || !isLive) return;
        data.Flush();
        await logs.FollowAsync(line =>
        {
            Write(line);
            data.Flush();
        }, context.Cancellation);
    }

    // compose.log has the form that this target prints.
    private static IReadOnlyList<LogLine> Kept(BottleContext context, string identity)
    {
        var path = Path.Combine(context.Home.Runs(identity), RunRecords.ComposeLog);
        return File.Exists(path) ? [.. File.ReadLines(path).Select(Parse)] : throw new BottleException(ViewErrors.NoLogs(identity));
    }

    private static LogLine Parse(string line)
    {
        var (head, text) = line.Split(" | ", 2) is [var left, var right] ? (left, right) : (line, "");
        return head.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var time, var service] ? new LogLine(time, service, text) : new LogLine("", "", line);
    }

    private static string Document(string identity, IReadOnlyList<LogLine> lines) => RunJson.Document(json =>
    {
        json.WriteString("identity", identity);
        json.WriteStartArray("lines");
        foreach (var line in lines)
        {
            json.WriteStartObject();
            json.WriteString("time", line.Time);
            json.WriteString("service", line.Service);
            json.WriteString("text", line.Text);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    });
}
