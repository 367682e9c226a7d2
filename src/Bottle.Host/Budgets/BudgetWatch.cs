using System.Text;
using System.Text.Json;
using Bottle.Contracts.Audit;
using Bottle.Contracts.Routes;
using Bottle.Core.Planning;
using Bottle.Host.Audit;
using Bottle.Host.State;
using Bottle.Host.Supervision;

namespace Bottle.Host.Budgets;

/// <summary>Records when four fifths of a limit of the run's budget are used, and when all of it is, and tells the operator: each once for a kind and a limit, also over a run that was gone on with.</summary>
public sealed class BudgetWatch(AuditLog audit, StateDirectory state, OperatorHook hook, TimeProvider time)
{
    private readonly HashSet<(string Event, BudgetKind Kind, long? Limit)> known = [];

    /// <summary>One round: a line for each kind that got worse, for people. What the operator's command fails at is given to <paramref name="onProblem"/>. BTL3106 and BTL7302 when the log cannot be written, BTL3110 when the plan cannot be read.</summary>
    public async Task<IReadOnlyList<string>> TendAsync(Action<string> onProblem, CancellationToken cancellationToken)
    {
        if (RunBudget.Of(state, PlanStore.Read(state), time.GetUtcNow()) is not { } report)
            return [];
        var said = new List<string>();
        foreach (var (kind, line) in report.ToLines())
        {
            // Whoever has used all of it has used four fifths: both are recorded, also when nobody looked in between.
            var warned = line.State != BudgetState.Ok && await RecordAsync(AuditEvents.BudgetWarning, kind, line, cancellationToken).ConfigureAwait(false);
            var spent = line.State == BudgetState.Spent && await RecordAsync(AuditEvents.BudgetSpent, kind, line, cancellationToken).ConfigureAwait(false);
            if (!warned && !spent)
                continue;
            said.Add($"{BudgetText.Used(kind, line)}; more: dotnet cake --target=Extend --bottle={state.Identity} --{kind.Name()}=+{(kind == BudgetKind.Bytes ? "1GB" : "…")}");
            var name = spent ? AuditEvents.BudgetSpent : AuditEvents.BudgetWarning;
            if (await hook.TellAsync(name, Document(name, kind, line), cancellationToken).ConfigureAwait(false) is { } problem)
                onProblem($"on_proposal for {name} of {kind.Name()}: {problem}");
        }
        return said;
    }

    // Its words hold no count, so that they are the same whoever sees it first.
    private async Task<bool> RecordAsync(string name, BudgetKind kind, BudgetLine line, CancellationToken cancellationToken)
    {
        if (known.Contains((name, kind, line.Limit)))
            return false;
        var limit = BudgetText.Amount(kind, line.Limit ?? 0);
        var isNew = await audit.AppendOnceAsync(state.Identity, name, "bottle", BudgetText.Used(kind, line), name == AuditEvents.BudgetSpent ? $"all of {limit} used: egress refuses" : $"80 % of {limit} used", cancellationToken).ConfigureAwait(false);
        known.Add((name, kind, line.Limit));
        return isNew;
    }

    private string Document(string name, BudgetKind kind, BudgetLine line)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("identity", state.Identity);
            json.WriteString("event", name);
            json.WriteString("kind", kind.Name());
            json.WriteNumber("used", line.Used);
            json.WriteNumber("limit", line.Limit ?? 0);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.ToArray());
    }
}
