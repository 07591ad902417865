using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Formation.Shop.Messaging;

/// <summary>Fait métier : une commande vient d'être créée. C'est le contrat du topic <c>orders.created</c>.</summary>
/// <param name="OrderId">Identifiant de la commande.</param>
/// <param name="CustomerId">Client qui l'a passée : la clé du message.</param>
/// <param name="Amount">Montant toutes taxes comprises.</param>
/// <param name="Currency">Devise, en code ISO 4217.</param>
/// <param name="CreatedAt">Instant où l'API a reçu la commande, en temps universel.</param>
public sealed record OrderCreated(string OrderId, string CustomerId, decimal Amount, string Currency, DateTimeOffset CreatedAt)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>La valeur du message.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json);

    /// <summary>Relit la valeur d'un message. Faux si ce n'est pas une commande : le topic contient ce que d'autres y ont écrit.</summary>
    public static bool TryParse(string? json, [NotNullWhen(true)] out OrderCreated? order)
    {
        try
        {
            order = json is null ? null : JsonSerializer.Deserialize<OrderCreated>(json, Json);
        }
        catch (JsonException)
        {
            order = null;
        }

        // Un membre absent du JSON reste nul, malgré le type : on le vérifie avant de s'y fier.
        if (order is { OrderId: not null, CustomerId: not null })
        {
            return true;
        }

        order = null;
        return false;
    }
}
