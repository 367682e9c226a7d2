using System.Net;
using System.Text;
using Bottle.Contracts.Routes;
using Bottle.Egress.Provider;

namespace Bottle.Egress.Tests.Provider;

[Parallelizable(ParallelScope.All)]
public sealed class ProviderGuardTests
{
    private const string Table = """
          - {host: model.demo.test, methods: [POST], path_allowlist: [/v1/messages], inspect: false, auth: {scheme: header, header: x-api-key, token_env: EGRESS_TOKEN_0}, provider: {server_tools: [], betas: []} }
        """;

    [TestCase("""{"mcp_servers":[{"type":"url","url":"https://evil.test"}]}""")]
    [TestCase("""{"mcp\u005fservers":[]}""")]
    [TestCase("""{"a":1,"mcp_servers":[],"mcp_servers":null}""")]
    [TestCase("""{"tools":[{"type":"web_search_20250305","name":"web_search"}]}""")]
    [TestCase("""{"tools":[{"name":"x","input_schema":{"type":"object"}},{"name":"web_fetch","type":"web_fetch_20250910"}]}""")]
    [TestCase("""{"tools":[{"type":"custom","type":"web_\u0073earch_20250305"}]}""")]
    [TestCase("""{"tools":[{"type":"code_execution_20250522"}]}""")]
    [TestCase("""{"tools":[{"type":"mcp_toolset"}]}""")]
    [TestCase("""{"messages":[{"role":"user","content":[{"type":"image","source":{"type":"url","url":"https://evil.test/?secret"}}]}]}""")]
    [TestCase("""{"messages":[{"role":"user","content":[{"type":"document","source":{"url":"https://evil.test/?secret","type":"base64"}}]}]}""")]
    [TestCase("""{"messages":[{"role":"user","content":[{"type":"document","source":{"type":"file","file_id":"f"}}]}]}""")]
    [TestCase("""{"messages":[{"content":[{"type":"tool_result","content":[{"type":"image","source":{"type":"url"}}]}]}]}""")]
    public void Server_side_fetching_is_refused(string body)
    {
        Assert.That(Judge(body, new ProviderPolicy())?.Code.Code, Is.EqualTo("BTL6021"));
        foreach (var size in new[] { 1, 5 })
        {
            Assert.That(Judge(body, new ProviderPolicy(), size)?.Code.Code, Is.EqualTo("BTL6021"));
        }
    }

    [TestCase("""{"input":"x","tools":[{"type":"web_search"}]}""", "web_search")]
    [TestCase("""{"tools":[{"type":"web_search_preview_2025_03_11"}]}""", "web_search_preview")]
    [TestCase("""{"tools":[{"type":"web_search_2025_08_26"}]}""", "web_search")]
    [TestCase("""{"tools":[{"type":"file_search","vector_store_ids":["v"]}]}""", "file_search")]
    [TestCase("""{"tools":[{"type":"code_interpreter","container":{"type":"auto"}}]}""", "code_interpreter")]
    [TestCase("""{"tools":[{"type":"image_generation"}]}""", "image_generation")]
    [TestCase("""{"tools":[{"type":"mcp","server_label":"x","server_url":"https://evil.test/mcp"}]}""", "mcp")]
    [TestCase("""{"tools":[{"type":"mcp","connector_id":"connector_gmail"}]}""", "mcp")]
    [TestCase("""{"tools":[{"type":"programmatic_tool_calling"}]}""", "programmatic_tool_calling")]
    [TestCase("""{"tools":[{"type":"a_tool_of_tomorrow"}]}""", "a_tool_of_tomorrow")]
    [TestCase("""{"tools":[{"type":"shell","environment":{"type":"container_auto"}}]}""", "container_auto")]
    [TestCase("""{"tools":[{"type":"namespace","name":"n","tools":[{"type":"function"},{"type":"mcp"}]}]}""", "mcp")]
    [TestCase("""{"input":[{"type":"tool_search_output","tools":[{"type":"web_search"}]}]}""", "web_search")]
    [TestCase("""{"tool_choice":{"type":"allowed_tools","tools":[{"type":"web_search"}]}}""", "web_search")]
    [TestCase("""{"input":[{"role":"user","content":[{"type":"input_image","image_url":"https://evil.test/?secret"}]}]}""", "url_sources")]
    [TestCase("""{"input":[{"role":"user","content":[{"type":"input_image","image_url":"LONG"}]}]}""", "url_sources")]
    [TestCase("""{"input":[{"role":"user","content":[{"type":"input_file","file_url":"https://evil.test/?secret"}]}]}""", "url_sources")]
    [TestCase("""{"input":[{"role":"user","content":[{"type":"input_video","video_url":"https://evil.test/?secret"}]}]}""", "url_sources")]
    [TestCase("""{"input":[{"role":"user","content":[{"type":"input_image","image_url":"data:,","image_url":"http:\/\/evil.test"}]}]}""", "url_sources")]
    [TestCase("""{"input":[{"type":"function_call_output","output":[{"type":"input_image","image_url":"https://evil.test"}]}]}""", "url_sources")]
    [TestCase("""{"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"https://evil.test/?secret"}}]}]}""", "url_sources")]
    [TestCase("""{"input":[{"role":"user","content":[{"type":"input_file","file_id":"file-1"}]}]}""", "file_sources")]
    [TestCase("""{"messages":[{"role":"user","content":[{"type":"file","file":{"file_id":"file-1"}}]}]}""", "file_sources")]
    [TestCase("""{"web_search_options":{}}""", "web_search")]
    [TestCase("""{"model":"gpt-4o-search-preview"}""", "web_search")]
    [TestCase("""{"model":"gpt-5-se\u0061rch-api"}""", "web_search")]
    [TestCase("""{"model":"o3-deep-research"}""", "web_search")]
    [TestCase("""{"prompt":{"id":"pmpt_1"}}""", "stored_prompts")]
    [TestCase("""{"background": true ,"input":"x"}""", "background")]
    [TestCase("""{"background":false,"background":true}""", "background")]
    public void What_runs_or_fetches_at_the_provider_is_refused_in_its_other_APIs_too_and_has_a_name(string body, string name)
    {
        body = body.Replace("LONG", "https://evil.test/" + new string('a', 5000), StringComparison.Ordinal);
        foreach (var size in new[] { int.MaxValue, 1, 5 })
        {
            var refusal = Judge(body, new ProviderPolicy(), size);
            Assert.That(refusal?.Code.Code, Is.EqualTo("BTL6021"), body);
            Assert.That(refusal?.Reason, Does.EndWith($"provider.server_tools can allow '{name}'"));
        }
        Assert.That(Judge(body, new ProviderPolicy { ServerTools = [name] }), Is.Null);
    }

    // What Codex sends, and what a conversation may hold.
    [TestCase("""{"model":"gpt-5-codex","store":false,"stream":true,"include":["reasoning.encrypted_content"],"tools":[{"type":"function","name":"shell","parameters":{"type":"object","properties":{"image_url":{"type":"string"},"tools":{"type":"array","items":{"type":"mcp"}}}}},{"type":"custom","name":"apply_patch","format":{"type":"grammar","definition":"x"}},{"type":"local_shell"},{"type":"namespace","name":"mcp__supervise","tools":[{"type":"function","name":"a","parameters":{}}]},{"type":"tool_search","execution":"client"}],"input":[{"type":"message","role":"user","content":[{"type":"input_text","text":"look at https://evil.test"}]}]}""")]
    [TestCase("""{"input":[{"role":"user","content":[{"type":"input_image","image_url":"data:image/png;base64,LONG"}]}]}""")]
    [TestCase("""{"input":[{"role":"user","content":[{"type":"input_image","image_url":"DATA\u003aimage\/png;base64,LONG"}]}]}""")]
    [TestCase("""{"input":[{"type":"computer_call_output","output":{"type":"computer_screenshot","image_url":"data:image/png;base64,aGk="}}]}""")]
    [TestCase("""{"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,aGk=","detail":"low"}}]}],"functions":[{"name":"f","parameters":{"file_url":"x"}}]}""")]
    [TestCase("""{"input":[{"type":"function_call","name":"f","arguments":"{\"image_url\":\"https://evil.test\"}"},{"type":"tool_search_call","arguments":{"url":"x","file_url":"https://x.test"}}]}""")]
    [TestCase("""{"previous_response_id":"resp_1","conversation":"conv_1","background":false,"tools":[{"type":"shell","environment":{"type":"local"}},{"type":"shell"},{"type":"computer_use_preview","environment":"browser"},{"type":"apply_patch"}]}""")]
    [TestCase("""{"prompt":"once upon a time","background":null,"input":[{"type":"message","content":[{"type":"output_text","annotations":[{"type":"url_citation","url":"https://a.test"}]}]}]}""")]
    [TestCase("""{"text":{"format":{"type":"json_schema","schema":{"properties":{"tools":[{"type":"web_search"}]}}}}}""")]
    public void Ordinary_requests_of_the_other_APIs_pass(string body) => Assert.That(Judge(body.Replace("LONG", new string('A', 5000), StringComparison.Ordinal), new ProviderPolicy())?.Reason, Is.Null);

    [TestCase("""{"model":"m","max_tokens":1,"messages":[{"role":"user","content":"mcp_servers web_search https://evil.test"}]}""")]
    [TestCase("""{"tools":[{"name":"web_search","input_schema":{"type":"object","properties":{"source":{"type":"url"}}}}],"messages":[]}""")]
    [TestCase("""{"tools":[{"type":"custom","name":"a"},{"type":"bash_20250124"},{"type":"text_editor_20250728"},{"type":"computer_20250124"},{"type":"memory_20250818"}]}""")]
    [TestCase("""{"messages":[{"content":[{"type":"tool_use","name":"t","input":{"source":{"type":"url","url":"x"},"mcp_servers":[]}}]}]}""")]
    [TestCase("""{"messages":[{"content":[{"type":"image","source":{"type":"base64","media_type":"image/png","data":"aGk="}}]}]}""")]
    public void Ordinary_requests_pass(string body) => Assert.That(Judge(body, new ProviderPolicy()), Is.Null);

    [Test]
    public void The_manifest_can_allow_a_tool_by_name()
    {
        const string body = """{"tools":[{"type":"web_search_20250305"}]}""";
        Assert.That(Judge(body, new ProviderPolicy { ServerTools = ["web_search"] }), Is.Null);
        Assert.That(Judge(body, new ProviderPolicy { ServerTools = ["web_fetch"] }), Is.Not.Null);
    }

    [TestCase("claude-code-20250219,oauth-2025-04-20, interleaved-thinking-2025-05-14", null)]
    [TestCase("mcp-client-2025-04-04", "mcp-client")]
    [TestCase("oauth-2025-04-20,web-fetch-2025-09-10", "web-fetch")]
    [TestCase("files-api-2025-04-14", "files-api")]
    [TestCase("responses=experimental", null)]
    [TestCase("assistants=v2", "assistants")]
    public void Beta_features_that_are_not_known_are_refused(string header, string? named)
    {
        Assert.That(ProviderGuard.FindBeta(new ProviderPolicy(), [header])?.Reason, named is null ? Is.Null : Does.Contain(named));
        Assert.That(ProviderGuard.FindBeta(new ProviderPolicy { Betas = ["mcp-client", "web-fetch", "files-api", "assistants"] }, [header]), Is.Null);
    }

    [Test]
    public async Task A_large_image_passes_in_bounded_memory_and_a_late_finding_still_stops_the_request()
    {
        await using var egress = await EgressHarness.StartAsync(Table);
        using var client = egress.CreateHttpClient();
        var image = """{"messages":[{"content":[{"type":"image","source":{"type":"base64","data":"DATA"}}]}]""".Replace("DATA", new string('A', 8_000_000), StringComparison.Ordinal);
        using var fine = await client.PostAsync(new Uri("https://model.demo.test/v1/messages"), new StringContent(image + "}"));
        using var late = await client.PostAsync(new Uri("https://model.demo.test/v1/messages"), new StringContent(image + ",\"mcp_servers\":[]}"));
        Assert.That((fine.StatusCode, late.StatusCode), Is.EqualTo((HttpStatusCode.OK, HttpStatusCode.Forbidden)));
        Assert.That(await late.Content.ReadAsStringAsync(), Does.Contain("BTL6021"));
        Assert.That(egress.Upstream.Requests, Has.Count.EqualTo(1), "no whole request may arrive");
        await egress.Log.FindAsync(l => (string?)l["code"] == "BTL6021" && (string?)l["decision"] == "denied");
    }

    [TestCase("Content-Type: text/plain", "hello", 400, "BTL6010")]
    [TestCase("Content-Encoding: zstd", "{}", 415, "BTL6022")]
    [TestCase("Anthropic-Beta: mcp-client-2025-04-04", "{}", 403, "BTL6021")]
    [TestCase("OpenAI-Beta: assistants=v2", "{}", 403, "BTL6021")]
    public async Task What_cannot_be_read_is_refused(string header, string body, int status, string code)
    {
        await using var egress = await EgressHarness.StartAsync(Table);
        var response = await egress.AskAsync("model.demo.test", $"POST /v1/messages\n{header}\nContent-Length: {body.Length}", body);
        Assert.That((response.Status, response.Code), Is.EqualTo((status, code)), response.Body);
        Assert.That(egress.Upstream.Requests, Is.Empty);
    }

    private static Requests.Refusal? Judge(string body, ProviderPolicy policy, int size = int.MaxValue)
    {
        var guard = new ProviderGuard(policy);
        var bytes = Encoding.UTF8.GetBytes(body);
        for (var i = 0; i < bytes.Length; i += Math.Min(size, bytes.Length))
        {
            if (guard.Feed(bytes.AsSpan(i, Math.Min(size, bytes.Length - i))) is { } refusal)
            {
                return refusal;
            }
        }
        return guard.Complete();
    }
}
