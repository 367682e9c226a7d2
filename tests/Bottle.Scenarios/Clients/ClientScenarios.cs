using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Bottle.Scenarios.Clients;

/// <summary>Real clients through the real egress, with the environment that an agent has by default (attacks.md 1, 21, 30; SPEC F2, F4, F8).</summary>
[RequiresEngine, NonParallelizable]
internal sealed partial class ClientScenarios
{
    private const string Denial = "\"error\":\"denied\"";
    private ClientBottle bottle = null!;

    [OneTimeSetUp]
    public async Task Start() => bottle = await ClientBottle.StartAsync();

    [OneTimeTearDown]
    public async Task Stop()
    {
        var left = await bottle.StopAsync();
        bottle.Dispose();
        Assert.That(left, Is.Empty);
    }

    [TestCase("bash", "curl -sS --fail https://api.demo.test/v1/hello?by=curl", "curl")]
    [TestCase("python3", "import urllib.request; print(urllib.request.urlopen('https://api.demo.test/v1/hello?by=python').read().decode())", "python")]
    [TestCase("node", "fetch('https://api.demo.test/v1/hello?by=node-fetch').then(r => r.text()).then(console.log)", "node-fetch")]
    [TestCase("node", "require('https').get('https://api.demo.test/v1/hello?by=node-https', r => r.pipe(process.stdout))", "node-https")]
    public async Task An_allowed_host_answers(string shell, string script, string name)
    {
        var (code, said) = await bottle.AgentAsync(script, shell);
        Assert.That(code, Is.Zero);
        Assert.That(said, Does.Contain("from the demo upstream"));
        Assert.That(await bottle.UpstreamAsync("api.demo.test"), Does.Contain($"?by={name}"));
        Assert.That(await bottle.RecordedAsync(r => IsFor(r, "api.demo.test", "/v1/hello", "allowed")), Is.Not.Empty);
    }

    [Test]
    public async Task An_HttpClient_of_NET_is_answered_and_refused_like_the_others()
    {
        await bottle.InstallAsync("/demo-upstream", "/tmp/net-client");
        var (code, said) = await bottle.AgentAsync("/tmp/net-client fetch https://api.demo.test/v1/hello?by=net && /tmp/net-client fetch https://denied.demo.test/by-net");
        Assert.That(code, Is.Zero);
        Assert.That(said, Does.Contain("200 {").And.Contain("from the demo upstream").And.Contain("403 {").And.Contain(Denial));
        Assert.That(await bottle.UpstreamAsync("api.demo.test"), Does.Contain("?by=net\""));
        Assert.That(await bottle.RecordedAsync(r => IsFor(r, "denied.demo.test", "/by-net", "denied")), Is.Not.Empty);
    }

    [TestCase("bash", "curl -sS https://HOST/PATH", "curl")]
    [TestCase("bash", "git ls-remote https://HOST/PATH", "git")]
    [TestCase("python3", "import urllib.request, urllib.error\ntry: urllib.request.urlopen('https://HOST/PATH')\nexcept urllib.error.HTTPError as e: print(e.code, e.read().decode())", "python")]
    [TestCase("node", "fetch('https://HOST/PATH').then(async r => console.log(r.status, await r.text()))", "node")]
    public async Task A_denied_host_and_a_denied_path_show_the_reason(string shell, string script, string name)
    {
        foreach (var host in new[] { "api.demo.test", "denied.demo.test" })
        {
            var path = $"/secret-{name}";
            var (_, said) = await bottle.AgentAsync(script.Replace("HOST", host, StringComparison.Ordinal).Replace("/PATH", path, StringComparison.Ordinal), shell);
            Assert.That(said, Does.Contain(Denial).And.Contain("BTL6").And.Contain("\"reason\":\""), host);
            Assert.That(await bottle.RecordedAsync(r => Host(r) == host && (r.GetProperty("path").GetString() ?? "").StartsWith(path, StringComparison.Ordinal) && Decision(r) == "denied"), Is.Not.Empty, host);
        }
        Assert.That(await bottle.UpstreamAsync("api.demo.test"), Does.Not.Contain($"secret-{name}"));
    }

    [Test]
    public async Task A_clone_works_and_a_push_is_refused_naming_the_gate()
    {
        var (code, said) = await bottle.AgentAsync("""
            cd /tmp && rm -rf work && git clone --quiet https://git.demo.test/git/app.git work && cat work/README && cd work \
             && git -c user.name=a -c user.email=a@demo.test commit --quiet --allow-empty --message pushed && ! git push origin HEAD:refs/heads/pushed
            """);
        Assert.That(code, Is.Zero);
        Assert.That(said, Does.Contain("seeded").And.Contain("git-gate"));
        Assert.That(await bottle.UpstreamAsync("git.demo.test"), Does.Contain("git-upload-pack").And.Not.Contain("receive-pack"));
        Assert.That(await bottle.RecordedAsync(r => Host(r) == "git.demo.test" && Decision(r) == "denied"), Is.Not.Empty);
    }

    [Test]
    public async Task A_WebSocket_carries_messages_both_ways()
    {
        var (code, said) = await bottle.AgentAsync(Scripts.WebSocket, "python3");
        Assert.That(code, Is.Zero);
        Assert.That(said, Does.Contain("echoed hello through the bottle"));
        Assert.That(await bottle.UpstreamAsync("live.demo.test"), Does.Contain("/v1/echo"));
    }

    [Test]
    public async Task A_WebSocket_is_refused_where_no_route_allows_it()
    {
        var (_, said) = await bottle.AgentAsync("curl -sS --http1.1 -H 'Connection: Upgrade' -H 'Upgrade: websocket' -H 'Sec-WebSocket-Version: 13' -H 'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==' https://api.demo.test/v1/echo");
        Assert.That(said, Does.Contain(Denial).And.Contain("BTL6"));
        Assert.That(await bottle.UpstreamAsync("api.demo.test"), Does.Not.Contain("/v1/echo"));
    }

    [Test]
    public async Task The_first_event_of_a_stream_arrives_while_the_second_is_not_sent()
    {
        // Upstream sends the second event only when it is asked to, and the agent asks when it has the first one.
        var (code, said) = await bottle.AgentAsync("""
            curl -sS --no-buffer --max-time 30 https://live.demo.test/v1/events | while read -r line; do
              echo "$line"
              if [ "$line" = 'data: first' ]; then curl -sS https://live.demo.test/v1/release > /tmp/released; fi
            done
            """);
        Assert.That(code, Is.Zero);
        Assert.That(said, Does.Match(@"data: first\s+data: second"));
    }

    [Test]
    public async Task A_token_that_upstream_has_replaced_is_read_again_after_a_401()
    {
        const string renewed = "renewed-token-77c0";
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(renewed)))[..16];
        bottle.WriteToken(renewed);
        var (_, said) = await bottle.AgentAsync($"for n in 1 2; do curl -s -o /dev/null -w '%{{http_code}} ' 'https://api.demo.test/v1/rotated?sha256={sha256}'; done");
        Assert.That(said, Does.StartWith("401 200"));
    }

    [Test]
    public async Task A_preset_opens_the_registry_that_the_operators_client_names_for_reading()
    {
        var (_, said) = await bottle.AgentAsync("curl -sS https://npm.demo.test/packages/@scope%2fname; curl -sS -X PUT -d x https://npm.demo.test/packages/mine; curl -sS https://npm.demo.test/elsewhere");
        Assert.That(said, Does.Contain("/packages/@scope"));
        Assert.That(said.Split(Denial), Has.Length.EqualTo(3), "publishing and another path are refused");
        Assert.That(await bottle.RecordedAsync(r => r.GetProperty("route").GetString()?.Contains("(preset npm 1)", StringComparison.Ordinal) ?? false), Is.Not.Empty);
    }

    [TestCase("GET", "https://api.demo.test/v1/x", "allowed")]
    [TestCase("DELETE", "https://api.demo.test/v1/x", "denied")]
    [TestCase("GET", "https://api.demo.test/../x", "denied")]
    [TestCase("POST", "https://git.demo.test/git/app.git/git-receive-pack", "denied")]
    public async Task Explain_tells_the_operator_and_the_agent_the_same(string method, string url, string decision)
    {
        var operators = await bottle.IntrospectAsync("explain", url, method);
        var (_, said) = await bottle.AgentAsync($"curl -sS --get --data-urlencode 'url={url}' --data-urlencode 'method={method}' http://_egress.local/explain");
        var agents = JsonElement.Parse(said);
        Assert.That(operators.GetProperty("decision").GetString(), Is.EqualTo(decision));
        Assert.That(agents.GetProperty("decision").GetString(), Is.EqualTo(decision));
        if (decision == "denied")
            Assert.That(agents.GetProperty("reason").GetString(), Is.EqualTo(operators.GetProperty("reason").GetString()).And.Not.Empty);
        else
            Assert.That(operators.GetProperty("route").GetProperty("source").GetString(), Does.Contain("clients.md:"));
        Assert.That(said, Does.Not.Contain("clients.md").And.Not.Contain(ClientBottle.Token), "the agent learns no host path and no value");
    }

    private static string? Decision(JsonElement record) => record.GetProperty("decision").GetString();

    // A connection that never became a request has no host.
    private static string? Host(JsonElement record) => record.TryGetProperty("host", out var host) ? host.GetString() : null;

    private static bool IsFor(JsonElement record, string host, string path, string decision) =>
        Host(record) == host && record.GetProperty("path").GetString() == path && Decision(record) == decision;
}
