namespace Madang.Sensing.Http;

/// <summary>The requirements of OGC 18-088 that are met whole, and tested; nothing is announced before.</summary>
internal static class Conformance
{
    private const string Spec = "http://www.opengis.net/spec/iot_sensing/1.1/req/";

    public static readonly string[] Requirements =
    [
        Spec + "datamodel/thing", Spec + "datamodel/location", Spec + "datamodel/historical-location", Spec + "datamodel/datastream",
        Spec + "datamodel/sensor", Spec + "datamodel/observed-property", Spec + "datamodel/observation", Spec + "datamodel/feature-of-interest",
        Spec + "request-data/order", Spec + "request-data/expand", Spec + "request-data/select", Spec + "request-data/orderby",
        Spec + "request-data/skip", Spec + "request-data/top", Spec + "request-data/count", Spec + "request-data/pagination",
        Spec + "create-update-delete/create-entity", Spec + "create-update-delete/link-to-existing-entities", Spec + "create-update-delete/deep-insert",
        Spec + "create-update-delete/deep-insert-status-code", Spec + "create-update-delete/update-entity", Spec + "create-update-delete/update-entity-put",
        Spec + "create-update-delete/delete-entity", Spec + "create-update-delete/historical-location-auto-creation",
    ];
}
