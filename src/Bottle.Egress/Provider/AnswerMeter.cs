using Bottle.Egress.Logging;
using Bottle.Egress.Policy;
using Bottle.Egress.Requests;

namespace Bottle.Egress.Provider;

/// <summary>Charges the tokens of one answer of a model provider as they are told.</summary>
internal sealed class AnswerMeter
{
    private readonly UsageReader _reader;
    private readonly BudgetBook _budget;
    private readonly RequestRecord _record;
    private long _charged;

    private AnswerMeter(UsageReader reader, BudgetBook budget, RequestRecord record) => (_reader, _budget, _record) = (reader, budget, record);

    /// <summary>The meter of an answer; null when it costs no tokens: it comes from no provider's route, to another method than POST (what is fetched again was charged before), or says that it failed.</summary>
    public static AnswerMeter? Create(HttpContext http, Admission admission, BudgetBook budget, RequestRecord record) =>
        admission.Route.Provider is not null && admission.Request.Method == "POST" && http.Response.StatusCode is >= 200 and < 300
            ? new AnswerMeter(new UsageReader(http.Response.ContentType), budget, record) : null;

    /// <summary>Reads on.</summary>
    public void Feed(ReadOnlySpan<byte> bytes)
    {
        _reader.Feed(bytes);
        var tokens = _reader.Tokens;
        if (tokens > _charged)
        {
            _budget.AddTokens(tokens - _charged);
            (_charged, _record.Tokens) = (tokens, tokens);
        }
    }

    /// <summary>The answer has ended, one way or another.</summary>
    public void End()
    {
        if (_reader.IsKnown)
        {
            _record.Tokens = _charged;
        }
        else
        {
            _record.HasUnreadTokens = true;
            _budget.AddUnreadAnswer();
        }
    }
}
