using System.Globalization;
using Bottle.Contracts.Supervision;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace Bottle.Supervise.Tests;

/// <summary>The executable itself: signals, exit codes, its health check, and what is left when it is killed.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class ProcessTests
{
    private static readonly Dictionary<string, object?> Question = new() { ["url"] = "https://api.example.com/x", ["reason"] = "because" };

    [Test]
    public async Task It_serves_is_well_and_ends_with_its_callers_told()
    {
        using var folder = new TemporaryFolder();
        var side = new QueueSide(folder.Path);
        await using var child = await SuperviseChild.StartAsync(folder.Path);
        var port = child.Address.Port.ToString(CultureInfo.InvariantCulture);
        Assert.That(await SuperviseChild.RunAsync(folder.Path, port, "healthcheck"), Is.EqualTo((0, "")));
        await using var client = await ConnectAsync(child);
        var call = client.CallToolAsync("egress-block", Question).AsTask();
        await side.WaitForOneAsync();
        Assert.That(await child.SignalAsync("TERM"), Is.Zero);
        var told = await Eventually.EndsAsync(call);
        Assert.That((told.IsError, ((TextContentBlock)told.Content[0]).Text), Is.EqualTo((true, "The sidecar is being stopped. An open question stays open: call again with the same arguments to join it.")));
        Assert.That(side.Open, Has.Count.EqualTo(1));
        var gone = await SuperviseChild.RunAsync(folder.Path, port, "healthcheck");
        Assert.That(gone.Code, Is.EqualTo(1));
        Assert.That(gone.Errors, Does.Contain("does not answer"));
    }

    [Test]
    public async Task Killed_at_any_point_it_goes_on_with_the_same_question()
    {
        using var folder = new TemporaryFolder();
        var side = new QueueSide(folder.Path);
        string? id = null;
        for (var round = 0; round < 4; round++)
        {
            await using var child = await SuperviseChild.StartAsync(folder.Path);
            await using var client = await ConnectAsync(child);
            var call = client.CallToolAsync("egress-block", Question).AsTask();
            var proposal = await side.WaitForOneAsync();
            Assert.That(proposal.Id, Is.EqualTo(id ??= proposal.Id));
            if (round == 2)
            {
                // Answered while nobody is there to hear it.
                await child.SignalAsync("KILL");
                side.Answer(proposal, AnswerDecision.Rejected, "no");
            }
            else if (round < 2)
            {
                await child.SignalAsync("KILL");
            }
            else
            {
                Assert.That((await Eventually.EndsAsync(call)).StructuredContent!.Value.GetProperty("reason").GetString(), Is.EqualTo("no"));
                await side.WaitForAsync(0);
                continue;
            }
            Assert.That(async () => await Eventually.EndsAsync(call), Throws.Exception.Not.InstanceOf<TimeoutException>());
        }
    }

    [Test]
    public async Task It_says_what_is_wrong_and_fails()
    {
        using var folder = new TemporaryFolder();
        Assert.That(await SuperviseChild.RunAsync(folder.Path, "0", "serve"), Is.EqualTo((2, "usage: supervise | supervise healthcheck\n")));
        Assert.That(await SuperviseChild.RunAsync(folder.Path, "0"), Is.EqualTo((1, $"supervise cannot start: the folder {folder.Path}/proposals is missing\n")));
        Assert.That(await SuperviseChild.RunAsync(folder.Path, "-1"), Is.EqualTo((1, "supervise cannot start: SUPERVISE_PORT: expected a number from 0 to 65535\n")));
    }

    private static Task<McpClient> ConnectAsync(SuperviseChild child) => McpClient.CreateAsync(
        new HttpClientTransport(new HttpClientTransportOptions { Endpoint = child.Address, TransportMode = HttpTransportMode.StreamableHttp }));
}
