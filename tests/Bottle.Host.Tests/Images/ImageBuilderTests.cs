using Bottle.Core.Diagnostics;
using Bottle.Host.Images;
using Bottle.Host.Processes;
using Bottle.Host.Setup;
using Bottle.Testing;
using NUnit.Framework;

namespace Bottle.Host.Tests.Images;

[Parallelizable(ParallelScope.All)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ImageBuilderTests : IDisposable
{
    private readonly FakeRepository repository = new();
    private readonly RecordingCommandRunner runner = new();
    private readonly System.Collections.Concurrent.ConcurrentQueue<string> said = new();
    private readonly ImageCatalogue catalogue;

    public ImageBuilderTests() => catalogue = new ImageCatalogue(repository.Path);

    public void Dispose() => repository.Dispose();

    private ImageBuilder Builder(bool mayInstall = true, bool isRoot = true)
    {
        var context = new SetupContext { MayInstall = mayInstall, CommandLine = "dotnet cake --target=Start", Say = said.Enqueue, IsRoot = isRoot };
        return new ImageBuilder(runner, catalogue, new ImagePuller(runner, said.Enqueue), context) { ClientConfigurationFolder = Path.Combine(repository.Path, "docker-client") };
    }

    /// <summary>An engine that has these images and, after a build, the built one.</summary>
    private void EngineHas(params string[] tags)
    {
        var present = new HashSet<string>(tags, StringComparer.Ordinal);
        runner.Answer("image inspect", c => c.Arguments.Skip(4).All(present.Contains) ? new CommandResult(0, "sha256:1\n", "") : new CommandResult(1, "", $"Error: No such image: {c.Arguments[^1]}"));
        runner.Answer("buildx version", "buildx v0.13");
        runner.Answer("image ls", "");
        runner.Answer("dotnet publish", c =>
        {
            Directory.CreateDirectory(c.Arguments[c.Arguments.ToList().IndexOf("--output") + 1]);
            return new CommandResult(0, "", "");
        });
    }

    [Test]
    public async Task A_second_run_asks_the_engine_and_starts_no_compiler()
    {
        EngineHas(catalogue.Egress.Tag, catalogue.Agent("demo").Tag);
        var images = await Builder().EnsureAsync([catalogue.Egress, catalogue.Agent("demo")]);
        Assert.That(images.Select(i => (i.Tag, i.WasBuilt)), Is.EqualTo(((string, bool)[])[(catalogue.Egress.Tag, false), (catalogue.Agent("demo").Tag, false)]));
        Assert.That(runner.Lines, Has.All.StartWith("docker image inspect"));
    }

    [Test]
    public async Task What_is_missing_is_published_then_built_on_the_base_with_its_role_as_label()
    {
        EngineHas(catalogue.Base.Tag);
        runner.Answer("docker build", "");
        var image = (await Builder().EnsureAsync([catalogue.Egress]))[0];
        Assert.That(image.WasBuilt);
        var build = runner.Commands.Single(c => c.Arguments[0] == "build");
        Assert.That(build.Arguments, Does.Contain("bottle.image=egress").And.Contain($"BASE={catalogue.Base.Tag}").And.Contain(catalogue.Egress.Tag));
        Assert.That(build.Arguments[^1], Is.EqualTo(Path.Combine(repository.Path, "artifacts/images/egress", catalogue.Egress.Program!.Hash)));
        Assert.That(build.Environment["DOCKER_BUILDKIT"], Is.EqualTo("1"));
        Assert.That(runner.Lines.ToList().FindIndex(l => l.StartsWith("dotnet publish", StringComparison.Ordinal)), Is.LessThan(runner.Lines.ToList().FindIndex(l => l.StartsWith("docker build ", StringComparison.Ordinal))));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task No_build_gets_the_operators_proxies_and_each_may_ask_the_registries(bool hasBase)
    {
        const string Registries = """
            "auths":{"registry.test":{"auth":"c2VjcmV0"}},"credsStore":"pass"
            """;
        repository.Write("docker-client/config.json", """{"proxies":{"default":{"httpProxy":"http://me:s3cret@proxy.test:1"}},""" + Registries + "}");
        EngineHas(hasBase ? [catalogue.Base.Tag] : []);
        runner.Answer("docker pull", "bookworm-slim: Pulling from library/debian\n");
        var seen = new System.Collections.Concurrent.ConcurrentBag<(string Folder, string Text)>();
        runner.Answer("docker build", c =>
        {
            var folder = c.Environment["DOCKER_CONFIG"]!;
            seen.Add((folder, File.ReadAllText(Path.Combine(folder, "config.json"))));
            return new CommandResult(0, "", "");
        });
        await Builder().EnsureAsync([catalogue.Agent("demo"), catalogue.Egress]);
        Assert.That(seen.Select(s => s.Text), Is.EqualTo(Enumerable.Repeat("{" + Registries + "}", hasBase ? 2 : 3)));
        Assert.That(seen.Select(s => Path.Exists(s.Folder)), Has.All.False, "a copy of what is for registries ends with its build");
    }

    [Test]
    public async Task Published_output_is_reused_when_only_the_image_is_gone()
    {
        EngineHas(catalogue.Base.Tag);
        runner.Answer("docker build", "");
        await Builder().EnsureAsync([catalogue.Egress]);
        await Builder().EnsureAsync([catalogue.Egress]);
        Assert.That(runner.Lines.Count(l => l.StartsWith("dotnet publish", StringComparison.Ordinal)), Is.EqualTo(1));
    }

    [Test]
    public async Task Without_buildx_the_classic_builder_is_used()
    {
        runner.Answer("buildx version", "", 1, "docker: 'buildx' is not a docker command");
        EngineHas(catalogue.Base.Tag);
        runner.Answer("docker build", "");
        await Builder().EnsureAsync([catalogue.Agent("demo")]);
        Assert.That(runner.Commands.Single(c => c.Arguments[0] == "build").Environment["DOCKER_BUILDKIT"], Is.EqualTo("0"));
    }

    [Test]
    public async Task Every_image_that_fails_is_reported_with_its_last_lines()
    {
        EngineHas(catalogue.Base.Tag);
        runner.Answer("docker build", "", 1, "ERROR: no space left\n");
        var failure = (await Assert.ThrowsAsync<BottleException>(() => Builder().EnsureAsync([catalogue.Egress, catalogue.Agent("demo")])))!;
        Assert.That(failure.Diagnostics.Select(d => d.Code), Is.EqualTo((string[])["BTL4013", "BTL4013"]));
        Assert.That(failure.Diagnostics, Has.All.Property("Why").Contains("no space left"));
    }

    [Test]
    public async Task A_program_that_does_not_compile_leaves_nothing_that_looks_published()
    {
        runner.Answer("dotnet publish", "Program.cs(1,1): error CS1002: ; expected\n", 1);
        EngineHas(catalogue.Base.Tag);
        var failure = (await Assert.ThrowsAsync<BottleException>(() => Builder().EnsureAsync([catalogue.Egress])))!;
        Assert.That(failure.Diagnostics[0].Code, Is.EqualTo("BTL4012"));
        Assert.That(failure.Diagnostics[0].Why, Does.Contain("CS1002"));
        Assert.That(Directory.Exists(Path.Combine(repository.Path, "artifacts/images/egress", catalogue.Egress.Program!.Hash)), Is.False);
    }

    [Test]
    public async Task Old_tags_of_the_role_are_removed_without_force_and_the_newest_stay()
    {
        runner.Answer("image ls", string.Join('\n', "bottle-agent-demo:new0", "bottle-agent-demo:new1", "bottle-agent-demo:old2", "bottle-agent-demo:old3", "someone/else:1"));
        runner.Answer("image rm", "", 1, "conflict: unable to remove repository reference");
        EngineHas(catalogue.Base.Tag);
        runner.Answer("docker build", "");
        await Builder().EnsureAsync([catalogue.Agent("demo")]);
        Assert.That(runner.Lines.Where(l => l.Contains("image rm", StringComparison.Ordinal)), Is.EqualTo((string[])["docker image rm bottle-agent-demo:old2", "docker image rm bottle-agent-demo:old3"]));
    }

    [Test]
    public async Task Without_a_registry_the_base_is_made_from_packages_while_programs_are_published()
    {
        EngineHas();
        runner.Answer("docker pull", "", 1, "dial tcp: no such host");
        runner.Answer("bash -c", "");
        runner.Answer("docker build", "");
        await Builder().EnsureAsync([catalogue.Egress, catalogue.DemoUpstream]);
        var script = runner.Commands.Single(c => c.FileName == "bash");
        Assert.That(script.Arguments.Skip(2), Is.EqualTo((string[])["base.sh", catalogue.Base.Tag, "bookworm", "curl libssl3"]));
        Assert.That(said, Has.Some.Contains("no image registry answers"));
    }

    [Test]
    public async Task With_a_registry_the_base_is_Debians_own_image_and_the_same_packages()
    {
        EngineHas();
        runner.Answer("docker pull", "bookworm-slim: Pulling from library/debian\n");
        runner.Answer("docker build", "");
        await Builder(mayInstall: false).EnsureAsync([catalogue.Agent("demo")]);
        Assert.That(runner.Commands.First(c => c.Arguments[0] == "build").Arguments, Does.Contain("PACKAGES=curl libssl3").And.Contain(catalogue.Base.Tag));
    }

    [Test]
    public async Task Without_a_registry_and_without_setup_nothing_is_made_and_the_way_out_is_named()
    {
        EngineHas();
        runner.Answer("docker pull", "", 1, "dial tcp: no such host");
        var failure = (await Assert.ThrowsAsync<BottleException>(() => Builder(mayInstall: false).EnsureAsync([catalogue.Egress, catalogue.Agent("demo")])))!;
        Assert.That(failure.Diagnostics.Select(d => d.Code), Is.EqualTo((string[])["BTL4010"]), "once, although two images wait for the base");
        Assert.That(failure.Diagnostics[0].Fix, Does.EndWith("dotnet cake --target=Start --setup"));
    }

    [Test]
    public async Task A_base_from_packages_needs_root()
    {
        EngineHas();
        runner.Answer("docker pull", "", 1, "dial tcp: no such host");
        var failure = (await Assert.ThrowsAsync<BottleException>(() => Builder(isRoot: false).EnsureAsync([catalogue.Agent("demo")])))!;
        Assert.That((failure.Diagnostics[0].Code, failure.Diagnostics[0].Fix), Is.EqualTo(("BTL4002", "sudo env \"PATH=$PATH\" dotnet cake --target=Start --setup")));
    }
}
