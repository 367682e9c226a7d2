using Bottle.Core.Planning;
using Bottle.Core.Rendering;
using Bottle.Host.State;

namespace Bottle.Build.Launching;

/// <summary>The manifest lines of a plan as inputs of stages: each with its content, so that a line that only moved is no change.</summary>
internal static class PlanSources
{
    /// <summary>One a route, where several of one host are told apart by number, and one for the budget.</summary>
    internal static IEnumerable<StageInput> Routes(BottlePlan plan)
    {
        if (plan.Egress is not { } egress) yield break;
        if (egress.Budget is { } budget) yield return StageInput.Of("budget", BudgetText.Limits(budget.Limits), budget.Source);
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var route in egress.Routes)
        {
            var number = seen[route.Host] = seen.GetValueOrDefault(route.Host) + 1;
            var alone = plan with { Egress = egress with { Routes = [route with { Source = null }], Budget = null, Tokens = [] } };
            var text = string.Concat(RoutesRenderer.Render(alone).Select(file => file.Text));
            yield return StageInput.Of(number == 1 ? $"route {route.Host}" : $"route {route.Host} ({number})", text, route.Source);
        }
    }

    /// <summary>One a variable of the agent; what stands in the host's environment is no part of it.</summary>
    internal static IEnumerable<StageInput> Environment(BottlePlan plan) =>
        plan.Agent.Environment.Where(variable => variable.Source is not null)
            .Select(variable => StageInput.Of($"env {variable.Name}", variable.Literal ?? $"${{{variable.FromHost}}}", variable.Source));
}
