using Formation.Shop.Inventory;
using Formation.Shop.Messaging;

return await ShopService.RunAsync<InventoryHandler>(args, "inventory", handlerDelayMs: 20);
