using System.Text;
using Bottle.Egress.Provider;
using FsCheck;
using FsCheck.Fluent;

namespace Bottle.Egress.Tests.Provider;

[Parallelizable(ParallelScope.All)]
public sealed class UsageReaderTests
{
    private const string Json = "application/json";
    private const string Events = "text/event-stream; charset=utf-8";

    private const string MessagesStream = """
        event: message_start
        data: {"type":"message_start","message":{"id":"m","content":[],"usage":{"input_tokens":25,"cache_creation_input_tokens":300,"cache_read_input_tokens":4000,"cache_creation":{"ephemeral_5m_input_tokens":300},"output_tokens":1}}}

        event: ping
        data: {"type":"ping"}

        event: content_block_delta
        data: {"type":"content_block_delta","delta":{"type":"text_delta","text":"\"usage\":{\"output_tokens\":999999}"}}

        event: message_delta
        data: {"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":10}}

        event: message_delta
        data: {"type":"message_delta","delta":{},"usage":{"input_tokens":25,"cache_creation_input_tokens":300,"cache_read_input_tokens":4000,"output_tokens":15,"server_tool_use":{"web_search_requests":7}}}

        event: message_stop
        data: {"type":"message_stop"}


        """;

    private const string ResponsesStream = """
        event: response.created
        data: {"type":"response.created","response":{"id":"r","usage":null}}

        : keep-alive

        event: response.output_text.delta
        data: {"type":"response.output_text.delta","delta":"usage"}

        event: response.completed
        data: {"type":"response.completed","response":{"id":"r","output":[{"usage":{"input_tokens":5}}],"usage":{"input_tokens":100,"input_tokens_details":{"cached_tokens":90},"output_tokens":20,"output_tokens_details":{"reasoning_tokens":8},"total_tokens":120}}}


        """;

    private const string ChatStream = """
        data: {"object":"chat.completion.chunk","choices":[{"delta":{"content":"hi"}}],"usage":null}

        data: {"object":"chat.completion.chunk","choices":[],"usage":{"prompt_tokens":9,"completion_tokens":12,"total_tokens":21,"prompt_tokens_details":{"cached_tokens":1}}}

        data: [DONE]


        """;

    private static readonly (string Type, string Text, long Tokens)[] Answers =
    [
        (Events, MessagesStream, 25 + 300 + 4000 + 15),
        (Events, ResponsesStream, 120),
        (Events, ResponsesStream.Replace("response.completed", "response.incomplete", StringComparison.Ordinal), 120),
        (Events, ChatStream, 21),
        (Json, """{"type":"message","usage":{"input_tokens":10,"output_tokens":5,"cache_read_input_tokens":2,"cache_creation_input_tokens":null},"content":[{"usage":{"input_tokens":7}}]}""", 17),
        (Json, """ {"object":"response","usage":{"input_tokens":3,"input_tokens_details":{"cached_tokens":2},"output_tokens":4,"total_tokens":7}} """, 7),
        (Json, """{"object":"chat.completion","choices":[],"usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3}}""", 3),
        (Json, """{"input_tokens":2095}""", 0),
        // What was read and written to shorten a conversation on the way is in none of the sums at the top.
        (Json, """{"usage":{"input_tokens":23000,"output_tokens":1000,"iterations":[{"type":"compaction","input_tokens":180000,"output_tokens":3500},{"type":"message","input_tokens":23000,"output_tokens":1000}]}}""", 207_500),
        (Events, "data: {\"message\":{\"usage\":{\"input_tokens\":25,\"iterations\":[{\"input_tokens\":25}]}}}\n\ndata: {\"usage\":{\"output_tokens\":5,\"iterations\":[{\"input_tokens\":70,\"cache_creation\":{\"input_tokens\":9}},{\"input_tokens\":25,\"output_tokens\":5,\"cache_read_input_tokens\":1}]}}\n\n", 101),
        (Json, """{"usage":{"input_tokens":9,"input_tokens":4,"output_tokens":2}}""", 11),
        (Json, """{"usage":{"input_tokens":9,"iterations":[{"input_tokens":20},{"output_tokens":10}]},"usage":{"iterations":[{"input_tokens":25}]}}""", 30),
        (Json, """{"usage":{"input_tokens":10,"output_tokens":5,"iterations":{"a":{"input_tokens":70}}}}""", 15),
        (Json, """{"usage":{"input_tokens":10,"output_tokens":5,"iterations":null,"iterations":[],"other":[{"input_tokens":900}]}}""", 15),
        ("application/json;charset=UTF-8", """{"usage":{"input_tokens":1,"input_tokens":4,"output_tokens":2},"usage":{"output_tokens":3}}""", 7),
    ];

    [Test]
    public void Any_chunking_of_any_answer_gives_the_same_count() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(500), Prop.ForAll(
        Gen.Elements(Answers).Zip(Gen.ListOf(Gen.Choose(1, 40)).Zip(Gen.Elements("\n", "\r\n", "\r"))).ToArbitrary(),
        sample =>
        {
            var (answer, (sizes, end)) = sample;
            var text = answer.Type == Events ? answer.Text.ReplaceLineEndings("\n").Replace("\n", end, StringComparison.Ordinal) : answer.Text;
            var reader = Read(answer.Type, text, sizes.Count == 0 ? [1] : [.. sizes]);
            return reader.IsKnown && reader.Tokens == answer.Tokens;
        }));

    [Test]
    public void Data_on_several_lines_is_one_document()
    {
        foreach (var end in new[] { "\n", "\r\n", "\r" })
        {
            var reader = Read(Events, "data: {\"usage\":\ndata:{\"input_tokens\"\ndata: :5}}\nid: 7\n\n".Replace("\n", end, StringComparison.Ordinal), 3);
            Assert.That((reader.IsKnown, reader.Tokens), Is.EqualTo((true, 5L)));
        }
    }

    [Test]
    public void A_stream_that_broke_off_counts_what_it_told_and_is_not_known()
    {
        var reader = Read(Events, MessagesStream.Split("event: message_delta")[0], 7);
        Assert.That((reader.IsKnown, reader.Tokens), Is.EqualTo((false, 4326L)));
    }

    // Absurd numbers, other shapes, broken documents: never taken for nothing, and never for a number.
    [TestCase(Json, """{"usage":{"input_tokens":-5,"output_tokens":1}}""", 1)]
    [TestCase(Json, """{"usage":{"input_tokens":1e300,"output_tokens":1}}""", 1)]
    [TestCase(Json, """{"usage":{"input_tokens":99999999999999999999999999,"output_tokens":1}}""", 1)]
    [TestCase(Json, """{"usage":{"input_tokens":100000001,"output_tokens":1}}""", 1)]
    [TestCase(Json, """{"usage":{"input_tokens":1.5,"output_tokens":1}}""", 1)]
    [TestCase(Json, """{"usage":{"input_tokens":true,"output_tokens":1}}""", 1)]
    [TestCase(Json, """{"usage":{"output_tokens":1,"iterations":[{"input_tokens":1e3}]}}""", 1)]
    [TestCase(Json, """{"usage":{"input_tokens":"5"}}""", 0)]
    [TestCase(Json, """{"usage":null}""", 0)]
    [TestCase(Json, """{"usage":[{"input_tokens":5}]}""", 0)]
    [TestCase(Json, """[{"usage":{"input_tokens":5}}]""", 0)]
    [TestCase(Json, """{"usage":[[5,{"input_tokens":5}]]}""", 0)]
    [TestCase(Json, """{"response":[{"usage":{"input_tokens":5}}]}""", 0)]
    [TestCase(Json, """{"response":{"usage":[5,{"input_tokens":5}]}}""", 0)]
    [TestCase(Json, """{"a":{"usage":{"input_tokens":5}}}""", 0)]
    [TestCase(Json, """{"usage":{"input_tokens":5}""" + "}}", 5)]
    [TestCase(Json, """{"id":"m"}""", 0)]
    [TestCase(Json, "", 0)]
    [TestCase("text/plain", """{"usage":{"input_tokens":5}}""", 0)]
    [TestCase(null, """{"usage":{"input_tokens":5}}""", 0)]
    [TestCase("a/b/c", """{"usage":{"input_tokens":5}}""", 0)]
    [TestCase(Events, "data: {\"usage\":{\"input_tokens\":5", 0)]
    [TestCase(Events, "data: hello\n\ndata: [DONE]\n\n", 0)]
    [TestCase(Events, "data: hello\ndata: {\"usage\":{\"input_tokens\":5}}\n\n", 0)]
    public void What_makes_no_sense_is_unread(string? type, string text, long tokens)
    {
        var reader = Read(type, text, 4);
        Assert.That((reader.IsKnown, reader.Tokens), Is.EqualTo((false, tokens)));
    }

    [Test]
    public void An_endless_line_deep_nesting_and_endless_events_cost_no_memory()
    {
        var line = Encoding.ASCII.GetBytes(new string('x', 64 * 1024));
        var deep = Encoding.ASCII.GetBytes("data: " + string.Concat(Enumerable.Repeat("{\"a\":", 100_000)) + "\n\n");
        var usage = "data: {\"usage\":{\"input_tokens\":5}}\n\n"u8.ToArray();
        var reader = new UsageReader(Events);
        reader.Feed(deep);
        reader.Feed("data: {\"text\":\""u8);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 200; i++)
        {
            reader.Feed(line);
        }
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(64 * 1024));
        reader.Feed("\n\n"u8);
        reader.Feed(usage);
        Assert.That((reader.IsKnown, reader.Tokens), Is.EqualTo((true, 5L)), "and what comes after is read");
    }

    [Test]
    public void No_bytes_make_it_throw_and_counts_never_go_down()
    {
        var pieces = Gen.Elements("data:", "data: ", "\n", "\r", "\r\n", "\n\n", "event: x\n", "{", "}", "[", "]", "\"usage\":", "\"message\":", "\"response\":", "\"input_tokens\":", "\"output_tokens\":", "5", "-1", "1e9", ",", "\"", "\\", "\\u12", "null", " ", "\0", "\u00ff");
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(5000), Prop.ForAll(Gen.Select(Gen.ArrayOf(pieces), string.Concat).Zip(Gen.Elements(Json, Events)).ToArbitrary(), sample =>
        {
            var (text, type) = sample;
            var reader = new UsageReader(type);
            var most = 0L;
            return Encoding.Latin1.GetBytes(text).All(value =>
            {
                reader.Feed([value]);
                return reader.Tokens >= most && (most = reader.Tokens) >= 0;
            });
        }));
    }

    private static UsageReader Read(string? type, string text, params int[] sizes)
    {
        var reader = new UsageReader(type);
        var bytes = Encoding.UTF8.GetBytes(text);
        for (int i = 0, n = 0; i < bytes.Length; n++)
        {
            var size = Math.Min(sizes[n % sizes.Length], bytes.Length - i);
            reader.Feed(bytes.AsSpan(i, size));
            i += size;
        }
        return reader;
    }
}
