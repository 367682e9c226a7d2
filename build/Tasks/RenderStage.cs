using Bottle.Build.Launching;
using Bottle.Core.Planning;
using Bottle.Core.Rendering;
using Bottle.Host.State;

namespace Bottle.Build.Tasks;

/// <summary>A stage that writes what a renderer makes of the plan, and nothing else.</summary>
internal abstract class RenderStage : Stage
{
    /// <summary>What is rendered.</summary>
    protected abstract IReadOnlyList<RenderedFile> Files(BottlePlan plan);

    /// <summary>The lines of manifests that the files come from, so that a change can be named by its line.</summary>
    protected virtual IEnumerable<StageInput> Sources(BottlePlan plan) => [];

    protected override Task<IReadOnlyList<StageInput>?> InputsAsync(BottleContext context)
    {
        var plan = context.Launch.RequiredPlan;
        return Task.FromResult<IReadOnlyList<StageInput>?>([.. Files(plan).Select(file => StageInput.Of(file.Path, file.Text)), .. Sources(plan)]);
    }

    protected override bool IsInForce(BottleContext context, StageRecord record, IReadOnlyList<StageInput> inputs) =>
        RunFiles.AreAsRendered(context.StateToRead!, Files(context.Launch.RequiredPlan));

    protected override IEnumerable<string> Outputs(BottleContext context) => Files(context.Launch.RequiredPlan).Select(file => file.Path);

    protected override Task ExecuteAsync(BottleContext context, StageRun run)
    {
        context.Launch.Write(Files(context.Launch.RequiredPlan));
        return Task.CompletedTask;
    }

    protected override IEnumerable<string> WouldDo(BottleContext context) =>
        Files(context.Launch.RequiredPlan).Select(file => $"write {file.Path} ({file.Text.Length} characters)");
}
