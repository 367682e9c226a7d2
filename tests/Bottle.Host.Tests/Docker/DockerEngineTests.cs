using System.Net;
using Bottle.Core.Diagnostics;
using Bottle.Host.Docker;
using Bottle.Testing;
using NUnit.Framework;

namespace Bottle.Host.Tests.Docker;

[Parallelizable(ParallelScope.All)]
public sealed class DockerEngineTests
{
    private readonly RecordingCommandRunner runner = new();

    public DockerEngineTests() => Engine = new(runner);

    private DockerEngine Engine { get; }

    [Test]
    public async Task Containers_are_asked_for_by_home_and_identity()
    {
        var own = new RecordingCommandRunner().Answer("docker ps", """{"id":"abc","name":"claude-bottle-demo-00000","image":"i","state":"running","status":"Up","identity":"demo-00000","service":"agent","home":"0123456789ab"}""" + "\n");
        var containers = await new DockerEngine(own).ContainersAsync("0123456789ab", "demo-00000");
        Assert.That(own.Lines.Single(), Does.StartWith("docker ps --all --no-trunc --filter label=bottle.home=0123456789ab --filter label=bottle.identity=demo-00000 --format "));
        Assert.That(containers.Single(), Is.EqualTo(new ContainerInfo
        {
            Id = "abc",
            Name = "claude-bottle-demo-00000",
            Image = "i",
            State = "running",
            Status = "Up",
            Identity = "demo-00000",
            Service = "agent",
            Home = "0123456789ab",
        }));
    }

    [Test]
    public async Task Images_that_went_away_between_list_and_inspect_are_passed_over()
    {
        var own = new RecordingCommandRunner()
            .Answer("image ls", "sha256:1\nsha256:1\nsha256:2\n")
            .Answer("image inspect", """{"id":"sha256:1","tags":["a:1"],"labels":{"bottle.image":"base"},"created":"2026-01-01T00:00:00Z","size":5}""" + "\n", 1, "Error response from daemon: No such image: sha256:2\n");
        var images = await new DockerEngine(own).ImagesAsync(["bottle.image"]);
        Assert.That(own.Lines[0], Is.EqualTo("docker image ls --all --quiet --no-trunc --filter label=bottle.image"));
        Assert.That((images.Single().Id, images.Single().Labels["bottle.image"]), Is.EqualTo(("sha256:1", "base")));
    }

    [Test]
    public async Task Subnets_of_all_networks_are_read_IPv4_only()
    {
        var own = new RecordingCommandRunner()
            .Answer("network ls", "n1\nn2\nn3\n")
            .Answer("network inspect", """
                [{"Subnet":"172.17.0.0/16","Gateway":"172.17.0.1"}]
                []
                [{"Subnet":"fd00::/64"},{"Subnet":"10.213.4.16/28"}]
                """);
        Assert.That(await new DockerEngine(own).NetworkSubnetsAsync(), Is.EqualTo(new[] { IPNetwork.Parse("172.17.0.0/16"), IPNetwork.Parse("10.213.4.16/28") }));
    }

    [Test]
    public async Task Addresses_are_read_by_network()
    {
        var own = new RecordingCommandRunner().Answer("inspect", """{"p_internal":{"IPAddress":"10.213.0.2"},"p_relay":{"IPAddress":""}}""");
        Assert.That(await new DockerEngine(own).AddressesAsync("c"), Is.EqualTo(new Dictionary<string, IPAddress> { ["p_internal"] = IPAddress.Parse("10.213.0.2") }));
    }

    [Test]
    public async Task An_image_that_is_not_there_is_not_an_error()
    {
        var own = new RecordingCommandRunner().Answer("inspect", "[]\n", 1, "Error response from daemon: No such image: x:latest\n");
        Assert.That(await new DockerEngine(own).ImageExistsAsync("x"), Is.False);
    }

    [Test]
    public async Task A_daemon_that_fails_is_an_error()
    {
        var own = new RecordingCommandRunner().Answer("inspect", "", 1, "Cannot connect to the Docker daemon\n");
        await Assert.ThrowsAsync<BottleException>(() => new DockerEngine(own).ImageExistsAsync("x"));
    }

    [Test]
    public async Task Removing_what_is_gone_succeeds_and_other_failures_do_not()
    {
        var gone = new RecordingCommandRunner().Answer("docker rm", "", 1, "Error response from daemon: No such container: a\nError response from daemon: removal of container b is already in progress\n");
        await new DockerEngine(gone).RemoveContainersAsync(["a", "b"]);
        Assert.That(gone.Lines, Is.EqualTo(new[] { "docker rm --force --volumes a b" }));

        var used = new RecordingCommandRunner().Answer("network rm", "", 1, "Error response from daemon: network n not found\nError response from daemon: network m has active endpoints\nexit status 1\n");
        var e = await Assert.ThrowsAsync<BottleException>(() => new DockerEngine(used).RemoveNetworksAsync(["n", "m"]));
        Assert.That(e!.Diagnostics[0].Why, Does.Contain("active endpoints"));
    }

    [Test]
    public async Task Removing_nothing_runs_nothing()
    {
        await Engine.RemoveImagesAsync([]);
        Assert.That(runner.Commands, Is.Empty);
    }

    [Test]
    public async Task Exec_passes_values_by_name_only()
    {
        var own = new RecordingCommandRunner().Answer("docker exec");
        await new DockerEngine(own).ExecAsync("c", ["run", "it"], "0:0", new Dictionary<string, string> { ["NONCE"] = "s3cret" }, "in"u8.ToArray());
        Assert.That(own.Lines.Single(), Is.EqualTo("docker exec --interactive --user 0:0 --env NONCE c run it"));
        Assert.That(own.Commands[0].Environment["NONCE"], Is.EqualTo("s3cret"));
    }

    [Test]
    public async Task An_attached_exec_has_a_terminal_only_when_asked()
    {
        var own = new RecordingCommandRunner().Answer("docker exec", "", 7);
        var engine = new DockerEngine(own);
        var code = await engine.AttachExecAsync("c", ["bash"], tty: true, new Dictionary<string, string?> { ["A"] = "1", ["TERM"] = null });
        await engine.AttachExecAsync("c", ["bash"], tty: false);
        Assert.That(code, Is.EqualTo(7));
        Assert.That(own.Lines, Is.EqualTo(new[] { "docker exec --interactive --tty --detach-keys 'ctrl-^,ctrl-^,ctrl-^,ctrl-^,ctrl-^' --env A --env TERM c bash", "docker exec --interactive c bash" }));
        Assert.That(own.Commands[0].Environment, Is.EqualTo(new Dictionary<string, string?> { ["A"] = "1" }));
    }

    [TestCase("DOCKER_HOST")]
    [TestCase("PATH")]
    [TestCase("https_proxy")]
    [TestCase("LD_PRELOAD")]
    public async Task A_variable_that_would_steer_the_client_is_refused(string name)
    {
        await Assert.ThrowsAsync<ArgumentException>(() => Engine.ExecAsync("c", ["true"], environment: new Dictionary<string, string> { [name] = "x" }));
        await Assert.ThrowsAsync<ArgumentException>(() => new ComposeProject(Engine, "/tmp", "p", "0").UpAsync(new Dictionary<string, string> { [name] = "x" }));
        Assert.That(runner.Commands, Is.Empty);
    }

    [Test]
    public async Task An_unreadable_answer_is_a_diagnostic()
    {
        var own = new RecordingCommandRunner().Answer("docker ps", "oops\n");
        var e = await Assert.ThrowsAsync<BottleException>(() => new DockerEngine(own).ContainersAsync("0"));
        Assert.That(e!.Diagnostics[0].Code, Is.EqualTo("BTL4120"));
    }
}
