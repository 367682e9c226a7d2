using System.Collections.Concurrent;
using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Core.Planning;
using Bottle.Host.Setup;

namespace Bottle.Host.Images;

/// <summary>The images of ours and what they are made of. Needs no engine: tags are content hashes, so that a plan can name an image before it exists.</summary>
/// <param name="repository">The folder that holds <c>src</c>, <c>tests</c> and <c>bottles</c>.</param>
/// <param name="bottleRoots">Folders that may hold <c>images/&lt;name&gt;/Dockerfile</c>, first match wins; the repository's own <c>bottles</c> comes last.</param>
public sealed class ImageCatalogue(string repository, IReadOnlyList<string>? bottleRoots = null)
{
    /// <summary>The suite of the base image.</summary>
    internal const string Suite = "bookworm";

    /// <summary>The base image's public counterpart, pulled where a registry answers.</summary>
    internal const string PublicBase = "debian:bookworm-slim";

    /// <summary>The name under which manifests name our upstream (SPEC A15).</summary>
    public const string DemoUpstreamName = "bottle-demo-upstream";

    /// <summary>The name under which manifests name our git upstream.</summary>
    public const string DemoGitUpstreamName = "bottle-demo-git-upstream";

    /// <summary>The machine's authorities, which an image needs behind a proxy that ends TLS.</summary>
    internal const string MachineRoots = "/etc/ssl/certs/ca-certificates.crt";

    // One reading a run: what is planned and what is built must be the same, even when somebody edits a source meanwhile.
    private readonly ConcurrentDictionary<string, ImageRecipe> recipes = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, byte[]> read = new(StringComparer.Ordinal);

    /// <summary>The path of the agent's Dockerfile as people know it, where the catalogue reads a copy.</summary>
    public string? AgentDockerfileShown { get; init; }

    /// <summary>The repository's folder.</summary>
    public string Repository => repository;

    /// <summary>Debian with what our images share.</summary>
    public ImageRecipe Base => recipes.GetOrAdd("base", role => new ImageRecipe
    {
        Role = role,
        Dockerfile = Required(role, Path.Combine(BaseFolder, "Dockerfile")),
        Context = BaseFolder,
        Hash = new ContentHash(read).Context("base", BaseFolder).Text("script", ShellScript.Text("base.sh")).File("roots", MachineRoots).ToString(),
    });

    /// <summary>The egress sidecar.</summary>
    public ImageRecipe Egress => Program("egress", "src/Bottle.Egress/Bottle.Egress.csproj");

    /// <summary>The git-gate sidecar.</summary>
    public ImageRecipe GitGate => Program("git-gate", "src/Bottle.GitGate/Bottle.GitGate.csproj");

    /// <summary>The supervise sidecar.</summary>
    public ImageRecipe Supervise => Program("supervise", "src/Bottle.Supervise/Bottle.Supervise.csproj");

    /// <summary>The upstream of demos and tests.</summary>
    public ImageRecipe DemoUpstream => Program("demo-upstream", "tests/Bottle.DemoUpstream/Bottle.DemoUpstream.csproj");

    /// <summary>The git upstream of demos and tests: an ssh server with one repository.</summary>
    public ImageRecipe DemoGitUpstream => recipes.GetOrAdd("demo-git-upstream", role => Folder(role, Path.Combine(repository, "tests", "Bottle.DemoGitUpstream")));

    /// <summary>What stands in for pipelock.</summary>
    public ImageRecipe PipelockStandIn => Program("pipelock-stand-in", "tests/Bottle.PipelockStandIn/Bottle.PipelockStandIn.csproj");

    /// <summary>Debian packages of the base image, beside the essential and required ones.</summary>
    internal IReadOnlyList<string> BasePackages =>
        [.. File.ReadLines(Path.Combine(BaseFolder, "packages")).Select(line => line.Split('#')[0].Trim()).Where(line => line.Length > 0)];

    private string BaseFolder => Path.Combine(repository, "bottles", "images", "base");

    /// <summary>The image of an agent by the name of its folder, the agent's own or its provider's: that Dockerfile, else the default one, which all agents without one share.</summary>
    public ImageRecipe Agent(string name) => recipes.GetOrAdd($"agent-{name}", _ => ReadAgent(name));

    /// <summary>The recipe that a manifest's <c>test_upstreams</c> image means, or null when it is not ours.</summary>
    public ImageRecipe? TestUpstream(string image) => image switch
    {
        DemoUpstreamName => DemoUpstream,
        DemoGitUpstreamName => DemoGitUpstream,
        _ => null,
    };

    /// <summary>What the planner needs to know; <paramref name="pipelock"/> as it was resolved, or null for the one that would be pulled; supervise's image only for a bottle that <paramref name="isSupervised"/>.</summary>
    public ImageFacts Facts(string agent, IEnumerable<string> testUpstreams, PipelockReference? pipelock = null, bool isSupervised = false) => new()
    {
        Agent = Agent(agent).Tag,
        AgentDockerfile = Shown(AgentDockerfileShown ?? Agent(agent).Dockerfile),
        Egress = Egress.Tag,
        GitGate = GitGate.Tag,
        Supervise = isSupervised ? Supervise.Tag : "",
        Pipelock = pipelock?.Reference ?? PipelockImage.Configured,
        PipelockIsStandIn = pipelock?.IsStandIn ?? false,
        TestUpstreams = testUpstreams.Distinct(StringComparer.Ordinal).Where(image => TestUpstream(image) is not null).ToDictionary(image => image, image => TestUpstream(image)!.Tag, StringComparer.Ordinal),
    };

    // Relative within the repository; a path that climbs out of it says less than the whole one.
    private string Shown(string path) => Path.GetRelativePath(repository, path) is var relative && relative.StartsWith("..", StringComparison.Ordinal) ? path : relative;

    private ImageRecipe Program(string role, string project) => recipes.GetOrAdd(role, _ => ReadProgram(role, project));

    private ImageRecipe ReadAgent(string agent)
    {
        var folders = (bottleRoots ?? []).Append(Path.Combine(repository, "bottles")).Select(root => Path.Combine(root, "images", agent));
        var own = folders.FirstOrDefault(folder => File.Exists(Path.Combine(folder, "Dockerfile")));
        var folder = own ?? Path.Combine(repository, "bottles", "images", "default");
        return Folder(own is null ? "agent-default" : $"agent-{agent}", folder);
    }

    private ImageRecipe Folder(string role, string folder)
    {
        var dockerfile = Required(role, Path.Combine(folder, "Dockerfile"));
        var usesBase = NamesBase(dockerfile);
        var hash = new ContentHash(read).Context("context", folder);
        if (usesBase)
            hash.Text("base", Base.Tag);
        return new ImageRecipe { Role = role, Dockerfile = dockerfile, Context = folder, UsesBase = usesBase, Hash = hash.ToString() };
    }

    private ImageRecipe ReadProgram(string role, string project)
    {
        var dockerfile = Required(role, Path.Combine(repository, Path.GetDirectoryName(project)!, "Dockerfile"));
        var program = new PublishedProgram(Path.Combine(repository, project), ProjectInputs.Hash(repository, project, read));
        return new ImageRecipe
        {
            Role = role,
            Dockerfile = dockerfile,
            Program = program,
            UsesBase = true,
            Hash = new ContentHash(read).Text("program", program.Hash).File("Dockerfile", dockerfile).Text("base", Base.Tag).ToString(),
        };
    }

    private static bool NamesBase(string dockerfile)
    {
        var text = File.ReadAllText(dockerfile);
        return text.Contains("${BASE}", StringComparison.Ordinal) || text.Contains("$BASE", StringComparison.Ordinal);
    }

    private static string Required(string role, string dockerfile) =>
        File.Exists(dockerfile) ? dockerfile : throw new BottleException(SetupErrors.DockerfileMissing(role, dockerfile));
}
