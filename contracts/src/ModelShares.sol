// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { ModelId, SHARE_SUPPLY } from "./Types.sol";
import { IModelShares } from "./interfaces/IModelShares.sol";
import { ITreasury } from "./interfaces/ITreasury.sol";
import { ERC20Upgradeable } from "@openzeppelin/contracts-upgradeable/token/ERC20/ERC20Upgradeable.sol";
import {
    ERC20PermitUpgradeable
} from "@openzeppelin/contracts-upgradeable/token/ERC20/extensions/ERC20PermitUpgradeable.sol";
import {
    ERC20VotesUpgradeable
} from "@openzeppelin/contracts-upgradeable/token/ERC20/extensions/ERC20VotesUpgradeable.sol";
import { NoncesUpgradeable } from "@openzeppelin/contracts-upgradeable/utils/NoncesUpgradeable.sol";
import { Strings } from "@openzeppelin/contracts/utils/Strings.sol";

/// @notice The manual is `IModelShares`.
contract ModelShares is ERC20PermitUpgradeable, ERC20VotesUpgradeable, IModelShares {
    using Strings for uint256;

    address private immutable REGISTRY;
    ITreasury private immutable TREASURY;

    /// @inheritdoc IModelShares
    ModelId public modelId;

    /// @dev Clones share the immutables of this implementation, which itself can never be initialized.
    constructor(address registry, ITreasury treasury) {
        REGISTRY = registry;
        TREASURY = treasury;
        _disableInitializers();
    }

    /// @inheritdoc IModelShares
    function initialize(ModelId id, address creator) external initializer {
        require(msg.sender == REGISTRY, NotRegistry(msg.sender, REGISTRY));

        string memory number = ModelId.unwrap(id).toString();
        string memory shareName = string.concat("Kinmark model ", number, " shares");
        modelId = id;
        __ERC20_init(shareName, string.concat("KIN-", number));
        __ERC20Permit_init(shareName);
        _mint(creator, SHARE_SUPPLY);
    }

    /// @notice Who votes with the account's shares: itself until it says otherwise.
    function delegates(address account) public view override returns (address) {
        address delegatee = super.delegates(account);
        return delegatee == address(0) ? account : delegatee;
    }

    /// @notice Votes are counted at timestamps (ERC-6372).
    function clock() public view override returns (uint48) {
        return uint48(block.timestamp);
    }

    /// @notice Votes are counted at timestamps (ERC-6372).
    // forge-lint: disable-next-line(mixed-case-function)
    function CLOCK_MODE() public pure override returns (string memory) {
        return "mode=timestamp";
    }

    /// @dev Delegating to nobody means to oneself: were it stored as it is, votes would leave and never come back.
    function _delegate(address account, address delegatee) internal override {
        super._delegate(account, delegatee == address(0) ? account : delegatee);
    }

    /// @dev Fixes what both sides have earned before balances change, so that a share never earns what was paid
    /// before it was bought. At the mint nothing has been earned yet.
    function _update(address from, address to, uint256 value)
        internal
        override(ERC20Upgradeable, ERC20VotesUpgradeable)
    {
        require(to != address(this) && to != address(TREASURY), HolderInvalid(to));

        if (from != address(0)) TREASURY.settle(modelId, from, to);
        super._update(from, to, value);
    }

    function nonces(address account) public view override(ERC20PermitUpgradeable, NoncesUpgradeable) returns (uint256) {
        return super.nonces(account);
    }
}
