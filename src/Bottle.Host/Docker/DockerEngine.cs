using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Core.Planning;
using Bottle.Host.Processes;

namespace Bottle.Host.Docker;

/// <summary>The engine through the <c>docker</c> command line, which honours contexts, remote and rootless engines; where <paramref name="socket"/> is given, the questions of a live change go there first. Errors are BTL41xx.</summary>
public sealed partial class DockerEngine(ICommandRunner runner, EngineSocket? socket = null)
{
    // A socket whose daemon hangs answers nothing at all.
    private static readonly TimeSpan ProbeMayTake = TimeSpan.FromSeconds(20);

    private const string ContainerFormat =
        """{"id":{{json .ID}},"name":{{json .Names}},"image":{{json .Image}},"state":{{json .State}},"status":{{json .Status}},"identity":{{json (.Label "bottle.identity")}},"service":{{json (.Label "bottle.service")}},"home":{{json (.Label "bottle.home")}}}""";

    private const string NetworkFormat =
        """{"id":{{json .ID}},"name":{{json .Name}},"identity":{{json (.Label "bottle.identity")}},"home":{{json (.Label "bottle.home")}}}""";

    private const string ImageFormat =
        """{"id":{{json .Id}},"tags":{{json .RepoTags}},"labels":{{json .Config.Labels}},"created":{{json .Created}},"size":{{json .Size}}}""";

    /// <summary>What starts the processes.</summary>
    internal ICommandRunner Runner => runner;

    /// <summary>Whether an engine can be used; never throws for what is wrong with it.</summary>
    public async Task<EngineProbe> ProbeAsync(CancellationToken cancellationToken = default)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(ProbeMayTake);
        try
        {
            return EngineProbe.Read(await runner.RunAsync(new Command("docker", "info", "--format", "{{json .}}"), limit.Token).ConfigureAwait(false));
        }
        catch (BottleException e) when (e.Diagnostics[0].Code == EngineErrors.ExecutableMissingCode)
        {
            return new() { Problem = EngineProblem.NoClient, Detail = e.Diagnostics[0].Message };
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new() { Problem = EngineProblem.NoDaemon, Detail = $"no answer within {ProbeMayTake.TotalSeconds:0} s" };
        }
    }

    /// <summary>Containers of a home, running or not; of one identity when it is given.</summary>
    public Task<IReadOnlyList<ContainerInfo>> ContainersAsync(string homeHash, string? identity = null, CancellationToken cancellationToken = default) =>
        ContainersAsync(OwnLabels(homeHash, identity), cancellationToken);

    /// <summary>Networks of a home; of one identity when it is given.</summary>
    public Task<IReadOnlyList<NetworkInfo>> NetworksAsync(string homeHash, string? identity = null, CancellationToken cancellationToken = default) =>
        NetworksAsync(OwnLabels(homeHash, identity), cancellationToken);

    /// <summary>Images that carry all the labels, each <c>name</c> or <c>name=value</c>.</summary>
    public async Task<IReadOnlyList<ImageInfo>> ImagesAsync(IReadOnlyList<string> labels, CancellationToken cancellationToken = default)
    {
        var ids = Lines(await CheckedAsync(["image", "ls", "--all", "--quiet", "--no-trunc", .. Filters(labels)], cancellationToken).ConfigureAwait(false)).Distinct().ToList();
        return ids.Count == 0 ? [] : await InspectAsync(["image", "inspect", "--format", ImageFormat, .. ids], EngineJson.Default.ImageInfo, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Whether the engine has an image of this reference; nothing is pulled.</summary>
    public async Task<bool> ImageExistsAsync(string reference, CancellationToken cancellationToken = default)
    {
        var command = Docker("image", "inspect", "--format", "{{.Id}}", reference);
        var result = await runner.RunAsync(command, cancellationToken).ConfigureAwait(false);
        return result.Succeeded || (IsNotFound(result.Error) ? false : throw new BottleException(CommandRunnerExtensions.Failed(command, result)));
    }

    /// <summary>Ends and removes containers with their anonymous volumes; those that are gone already are no error.</summary>
    public Task RemoveContainersAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken = default) =>
        RemoveAsync(["rm", "--force", "--volumes"], ids, cancellationToken);

    /// <summary>Removes networks; those that are gone already are no error.</summary>
    public Task RemoveNetworksAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken = default) =>
        RemoveAsync(["network", "rm"], ids, cancellationToken);

    /// <summary>Removes images with all their tags; those that are gone already are no error.</summary>
    public Task RemoveImagesAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken = default) =>
        RemoveAsync(["image", "rm", "--force"], ids, cancellationToken);

    /// <summary>IPv4 subnets of every network of the engine, ours or not.</summary>
    public async Task<IReadOnlyList<IPNetwork>> NetworkSubnetsAsync(CancellationToken cancellationToken = default)
    {
        var ids = Lines(await CheckedAsync(["network", "ls", "--quiet", "--no-trunc"], cancellationToken).ConfigureAwait(false)).ToList();
        if (ids.Count == 0)
            return [];
        var answers = await InspectLinesAsync(["network", "inspect", "--format", "{{json .IPAM.Config}}", .. ids], cancellationToken).ConfigureAwait(false);
        return [.. answers.SelectMany(Subnets)];
    }

    /// <summary>The container's IPv4 address in each network that it is connected to.</summary>
    public async Task<IReadOnlyDictionary<string, IPAddress>> AddressesAsync(string container, CancellationToken cancellationToken = default)
    {
        var output = await CheckedAsync(["inspect", "--type", "container", "--format", "{{json .NetworkSettings.Networks}}", container], cancellationToken).ConfigureAwait(false);
        using var document = Parse(output, "inspect");
        return document.RootElement.Names()
            .Select(name => (name, address: document.RootElement.Member(name).Text("IPAddress")))
            .Where(n => IPAddress.TryParse(n.address, out _))
            .ToDictionary(n => n.name, n => IPAddress.Parse(n.address!), StringComparer.Ordinal);
    }

    /// <summary>Fetches an image from its registry.</summary>
    public Task PullAsync(string reference, Action<string>? progress = null, CancellationToken cancellationToken = default) =>
        runner.RunCheckedAsync(Docker("pull", reference) with { OnLine = progress is null ? null : (line, _) => progress(line) }, cancellationToken);

    internal Task<IReadOnlyList<ContainerInfo>> ContainersAsync(IReadOnlyList<string> labels, CancellationToken cancellationToken) =>
        ListAsync(["ps", "--all", "--no-trunc", .. Filters(labels), "--format", ContainerFormat], EngineJson.Default.ContainerInfo, cancellationToken);

    internal Task<IReadOnlyList<NetworkInfo>> NetworksAsync(IReadOnlyList<string> labels, CancellationToken cancellationToken) =>
        ListAsync(["network", "ls", "--no-trunc", .. Filters(labels), "--format", NetworkFormat], EngineJson.Default.NetworkInfo, cancellationToken);

    internal static bool IsNotFound(string error) =>
        error.Contains("No such", StringComparison.OrdinalIgnoreCase) || error.Contains("not found", StringComparison.OrdinalIgnoreCase);

    private static Command Docker(params IEnumerable<string> arguments) => new("docker", arguments);

    private static IReadOnlyList<string> OwnLabels(string homeHash, string? identity) =>
        identity is null ? [$"{BottleNames.HomeLabel}={homeHash}"] : [$"{BottleNames.HomeLabel}={homeHash}", $"{BottleNames.IdentityLabel}={identity}"];

    private static IEnumerable<string> Filters(IEnumerable<string> labels) => labels.SelectMany(l => new[] { "--filter", $"label={l}" });

    internal static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private async Task<string> CheckedAsync(IEnumerable<string> arguments, CancellationToken cancellationToken) =>
        (await runner.RunCheckedAsync(Docker(arguments), cancellationToken).ConfigureAwait(false)).Output;

    private async Task<IReadOnlyList<T>> ListAsync<T>(IEnumerable<string> arguments, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        [.. Lines(await CheckedAsync(arguments, cancellationToken).ConfigureAwait(false)).Select(line => Parse(line, type))];

    private async Task<IReadOnlyList<T>> InspectAsync<T>(IEnumerable<string> arguments, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        [.. (await InspectLinesAsync(arguments, cancellationToken).ConfigureAwait(false)).Select(line => Parse(line, type))];

    /// <summary>What inspect says of those that are still there: others may have gone since they were listed.</summary>
    private async Task<IEnumerable<string>> InspectLinesAsync(IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        var command = Docker(arguments);
        var result = await runner.RunAsync(command, cancellationToken).ConfigureAwait(false);
        return result.Succeeded || IsNotFound(result.Error)
            ? Lines(result.Output).Where(l => l is not "[]" and not "null")
            : throw new BottleException(CommandRunnerExtensions.Failed(command, result));
    }

    private async Task RemoveAsync(IEnumerable<string> verb, IReadOnlyList<string> ids, CancellationToken cancellationToken)
    {
        if (ids.Count == 0)
            return;
        var command = Docker([.. verb, .. ids]);
        var result = await runner.RunAsync(command, cancellationToken).ConfigureAwait(false);
        // One line an object: what is gone, or being removed by somebody else, is what was asked for.
        var failures = Lines(result.Error).Where(l => !IsNotFound(l) && !l.Contains("already in progress", StringComparison.Ordinal) && !l.StartsWith("exit status", StringComparison.Ordinal));
        if (!result.Succeeded && failures.Any())
            throw new BottleException(CommandRunnerExtensions.Failed(command, result));
    }

    private static IEnumerable<IPNetwork> Subnets(string line)
    {
        using var document = Parse(line, "network inspect");
        return [.. document.RootElement.Items().Select(c => c.Text("Subnet"))
            .Where(s => IPNetwork.TryParse(s, out var n) && n.BaseAddress.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork)
            .Select(s => IPNetwork.Parse(s!))];
    }

    private static T Parse<T>(string line, JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.Deserialize(line, type)!;
        }
        catch (JsonException e)
        {
            throw new BottleException(EngineErrors.AnswerUnreadable(typeof(T).Name, e.Message), e);
        }
    }

    private static JsonDocument Parse(string text, string what)
    {
        try
        {
            return JsonDocument.Parse(text);
        }
        catch (JsonException e)
        {
            throw new BottleException(EngineErrors.AnswerUnreadable(what, e.Message), e);
        }
    }
}
