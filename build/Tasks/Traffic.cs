using Bottle.Build.Doors;
using Bottle.Build.Runs;
using Bottle.Contracts.Routes;
using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Core.Planning;
using Bottle.Host.Budgets;
using Bottle.Host.State;
using Bottle.Host.Traffic;
using Cake.Frosting;

namespace Bottle.Build.Tasks;

/// <summary>Shows the requests of a run, running or over, with a summary by host (SPEC N8). With <c>--follow</c> also those that come, until the run ends; then each is one JSON line for programs. Only looks.</summary>
[TaskDescription("Shows the requests of a run (--bottle [--follow] [--filter])")]
[Takes("bottle", "follow", "filter")]
internal sealed class Traffic : AsyncFrostingTask<BottleContext>
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(200);

    public override async Task RunAsync(BottleContext context)
    {
        var identity = context.Arguments.Bottle ?? throw new BottleException(CommandLineErrors.MissingArgument("bottle", nameof(Traffic), "dotnet cake --target=Traffic --bottle=demo-k3x9a"));
        var filter = new TrafficFilter(context.Arguments.Filter ?? "");
        var reader = TrafficReader.Open(context.Home, context.Store, identity);
        var summary = new TrafficSummary();
        // After lines that are documents themselves no other one follows.
        if (context.Arguments is { Json: true, Follow: true }) context.Console.Data.BeginLines();
        if (context.Arguments is { Json: true, Follow: false })
        {
            context.Console.Data.WriteLine(Document(context, identity, reader, filter, summary));
            return;
        }

        var write = Writer(context, identity);
        void Take(TrafficRecord record)
        {
            if (!filter.Matches(record)) return;
            summary.Add(record);
            write(record);
        }
        reader.ReadOn(Take);
        if (context.Arguments.Follow) await FollowAsync(context, identity, reader, Take);
        if (context.Arguments.Json) return;
        context.Console.Data.WriteLine(summary.Total.Requests == 0 ? "no request" : $"\n{TrafficText.Render(summary)}");
        if (Budget(context, identity) is { } budget) context.Console.Data.WriteLine($"\nbudget  {BudgetText.Used(budget)}");
        if (reader.Unreadable > 0) context.Console.Say($"{reader.Unreadable} lines of the log are no requests");
    }

    private static Action<TrafficRecord> Writer(BottleContext context, string identity)
    {
        var data = context.Console.Data;
        return record =>
        {
            data.WriteLine(context.Arguments.Json ? TrafficFormat.Write(identity, record) : TrafficText.Line(record));
            if (context.Arguments.Follow) data.Flush();
        };
    }

    // What is left up on purpose has no owner, and is followed until its state goes; of a run that has ended and is kept nothing comes any more.
    private static async Task FollowAsync(BottleContext context, string identity, TrafficReader reader, Action<TrafficRecord> onRecord)
    {
        if (context.Store.Open(identity) is not { } state) return;
        while (Directory.Exists(state.Path) && context.Store.Standing(identity) != StateStore.Kept)
        {
            await Task.Delay(BetweenLooks, context.Cancellation);
            reader.ReadOn(onRecord);
        }
        // The last lines were copied before the state went.
        reader.GoOnWith(context.Home.Runs(identity));
        reader.ReadOn(onRecord);
    }

    private static BudgetReport? Budget(BottleContext context, string identity) => RunBudget.Of(context.Home, context.Store, identity, TimeProvider.System.GetUtcNow());

    private static string Document(BottleContext context, string identity, TrafficReader reader, TrafficFilter filter, TrafficSummary summary) => RunJson.Document(json =>
    {
        json.WriteString("identity", identity);
        json.WriteStartArray("requests");
        reader.ReadOn(record =>
        {
            if (!filter.Matches(record)) return;
            summary.Add(record);
            json.WriteStartObject();
            TrafficFormat.Members(json, record);
            json.WriteEndObject();
        });
        json.WriteEndArray();
        json.WriteNumber("unreadable", reader.Unreadable);
        json.WriteStartObject("summary");
        TrafficText.Write(json, summary);
        json.WriteEndObject();
        RunJson.Budget(json, Budget(context, identity));
    });
}
