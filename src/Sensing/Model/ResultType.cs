namespace Madang.Sensing.Model;

/// <summary>What a Datastream's observationType lets its results be (OGC 18-088, 8.2.4, table 9: the value codes of O&amp;M).</summary>
internal enum ResultType
{
    /// <summary><c>OM_Observation</c>, and every type that the table does not know.</summary>
    Any,

    /// <summary><c>OM_Measurement</c>.</summary>
    Number,

    /// <summary><c>OM_CountObservation</c>.</summary>
    Integer,

    /// <summary><c>OM_TruthObservation</c>.</summary>
    Truth,

    /// <summary><c>OM_CategoryObservation</c>: a URI, or another text that names a category.</summary>
    Text,
}

/// <summary>Whether results are what the observationType says. A missing result, null, is of every type.</summary>
internal static class ResultTypes
{
    /// <summary>The type behind a value code: its whole URI, or its last part alone.</summary>
    public static ResultType Of(string observationType) => observationType.AsSpan(observationType.LastIndexOf('/') + 1) switch
    {
        "OM_Measurement" => ResultType.Number,
        "OM_CountObservation" => ResultType.Integer,
        "OM_TruthObservation" => ResultType.Truth,
        "OM_CategoryObservation" => ResultType.Text,
        _ => ResultType.Any,
    };

    public static bool Fits(this ResultType type, ResultKind kind, double? number) => kind == ResultKind.Null || type switch
    {
        ResultType.Number => kind == ResultKind.Number,
        ResultType.Integer => kind == ResultKind.Number && number is { } whole && whole == Math.Truncate(whole),
        ResultType.Truth => kind == ResultKind.Truth,
        ResultType.Text => kind == ResultKind.Text,
        _ => true,
    };

    /// <summary>What is asked for, for a reason.</summary>
    public static string Words(this ResultType type) => type switch
    {
        ResultType.Number => "a number, as OM_Measurement says",
        ResultType.Integer => "a whole number, as OM_CountObservation says",
        ResultType.Truth => "true or false, as OM_TruthObservation says",
        ResultType.Text => "a text or URI, as OM_CategoryObservation says",
        _ => "anything",
    };
}
