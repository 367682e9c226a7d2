using System.Diagnostics;
using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Host.Docker;
using Bottle.Host.Processes;
using Bottle.Host.Setup;

namespace Bottle.Host.Images;

/// <summary>Builds what is missing and nothing else: an image whose tag, a content hash, the engine has is reused without starting a compiler.</summary>
public sealed class ImageBuilder
{
    private readonly ICommandRunner runner;
    private readonly ImageCatalogue catalogue;
    private readonly Action<string> say;
    private readonly Action<string> detail;
    private readonly ImageStore store;
    private readonly ImagePuller puller;
    private readonly SetupContext setup;

    /// <summary>A builder for one run.</summary>
    public ImageBuilder(ICommandRunner runner, ImageCatalogue catalogue, ImagePuller puller, SetupContext context)
    {
        this.runner = runner;
        this.catalogue = catalogue;
        say = context.Say;
        detail = context.Detail;
        store = new ImageStore(runner);
        setup = context;
        this.puller = puller;
    }

    /// <summary>The docker client's configuration folder.</summary>
    internal string ClientConfigurationFolder { get; init; } = ClientConfiguration.OperatorFolder;

    /// <summary>Makes sure that the images are there, in parallel, the base image first where one is needed; one reference a recipe, in their order.</summary>
    /// <exception cref="BottleException">BTL40xx: every image that failed, at once.</exception>
    public async Task<IReadOnlyList<ImageReference>> EnsureAsync(IReadOnlyList<ImageRecipe> recipes, CancellationToken cancellationToken = default)
    {
        var clock = Stopwatch.StartNew();
        // A warm start: one question for all.
        if (await store.AllExistAsync([.. recipes.Select(r => r.Tag).Distinct()], cancellationToken).ConfigureAwait(false))
            return [.. recipes.Select(r => new ImageReference(r.Role, r.Tag, WasBuilt: false, clock.Elapsed))];
        var present = await Task.WhenAll(recipes.Select(r => store.ExistsAsync(r.Tag, cancellationToken))).ConfigureAwait(false);
        using var building = await BuildLock.TakeAsync(catalogue.Repository, say, cancellationToken).ConfigureAwait(false);
        // Programs are published while the base image is made.
        var needsBase = recipes.Where((r, i) => !present[i] && r.UsesBase).Any();
        var baseReady = new Lazy<Task>(() => needsBase ? EnsureOneAsync(catalogue.Base, Task.CompletedTask, cancellationToken) : Task.CompletedTask);
        var builds = recipes.Distinct().ToDictionary(r => r, r => EnsureOneAsync(r, r.UsesBase ? baseReady.Value : Task.CompletedTask, cancellationToken));
        await AllAsync([baseReady.Value, .. builds.Values]).ConfigureAwait(false);
        return [.. recipes.Select(r => builds[r].Result)];
    }

    private async Task<ImageReference> EnsureOneAsync(ImageRecipe recipe, Task baseReady, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        if (await store.ExistsAsync(recipe.Tag, cancellationToken).ConfigureAwait(false))
        {
            say($"{recipe.Role}: {recipe.Tag} is there");
            return new ImageReference(recipe.Role, recipe.Tag, WasBuilt: false, clock.Elapsed);
        }
        if (recipe.Role == catalogue.Base.Role)
            await new BaseImage(runner, puller, catalogue, setup) { ClientConfigurationFolder = ClientConfigurationFolder }.MakeAsync(cancellationToken).ConfigureAwait(false);
        else
            await BuildAsync(recipe, baseReady, cancellationToken).ConfigureAwait(false);
        await store.PruneAsync(recipe, cancellationToken).ConfigureAwait(false);
        say($"{recipe.Role}: {recipe.Tag} built in {clock.Elapsed.TotalSeconds:0.0} s");
        return new ImageReference(recipe.Role, recipe.Tag, WasBuilt: true, clock.Elapsed);
    }

    private async Task BuildAsync(ImageRecipe recipe, Task baseReady, CancellationToken cancellationToken)
    {
        var context = recipe.Program is { } program
            ? await new ProgramPublisher(runner, catalogue.Repository, say).PublishAsync(recipe.Role, program, cancellationToken).ConfigureAwait(false)
            : recipe.Context!;
        await baseReady.ConfigureAwait(false);
        say($"{recipe.Role}: building {recipe.Tag}");
        (string, string)[] arguments = recipe.UsesBase ? [("BASE", catalogue.Base.Tag)] : [];
        var result = await new DockerBuild(runner, ClientConfigurationFolder).RunAsync(recipe, context, arguments, detail, cancellationToken).ConfigureAwait(false);
        if (!result.Succeeded)
            throw new BottleException(SetupErrors.BuildFailed(recipe.Role, recipe.Dockerfile, result.LastLines()));
    }

    /// <summary>Waits for all, and reports the problems of all at once: those of a base image that several wait for, once.</summary>
    private static async Task AllAsync(IReadOnlyList<Task> tasks)
    {
        var whole = Task.WhenAll(tasks);
        await whole.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (whole.Exception is { } failure && failure.InnerExceptions.All(e => e is BottleException))
            throw new BottleException([.. failure.InnerExceptions.Cast<BottleException>().SelectMany(e => e.Diagnostics).Distinct()], failure);
        await whole.ConfigureAwait(false);
    }
}
