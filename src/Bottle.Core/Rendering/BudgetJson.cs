using System.Text.Json;
using Bottle.Contracts.Routes;
using Bottle.Core.Planning;

namespace Bottle.Core.Rendering;

/// <summary>The budget in the plan's JSON document; null where the run has none.</summary>
internal static class BudgetJson
{
    public static void Write(Utf8JsonWriter json, BudgetPlan? budget)
    {
        if (budget is null)
        {
            json.WriteNull("budget");
            return;
        }
        PlanJson.Object(json, "budget", () =>
        {
            foreach (var kind in BudgetKinds.All)
            {
                if (budget.Limits.Limit(kind) is { } limit)
                    json.WriteNumber(kind.Name(), limit);
                else
                    json.WriteNull(kind.Name());
            }
            json.WriteString("source", budget.Source);
        });
    }
}
