// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { IModelShares, Majority } from "../interfaces/IModelShares.sol";
import { ITreasury } from "../interfaces/ITreasury.sol";
import { ModelId, SHARE_SUPPLY } from "../lib/Types.sol";
import { ERC20Upgradeable } from "@openzeppelin/contracts-upgradeable/token/ERC20/ERC20Upgradeable.sol";
import {
    ERC20PermitUpgradeable
} from "@openzeppelin/contracts-upgradeable/token/ERC20/extensions/ERC20PermitUpgradeable.sol";
import {
    ERC20VotesUpgradeable
} from "@openzeppelin/contracts-upgradeable/token/ERC20/extensions/ERC20VotesUpgradeable.sol";
import { NoncesUpgradeable } from "@openzeppelin/contracts-upgradeable/utils/NoncesUpgradeable.sol";
import { Strings } from "@openzeppelin/contracts/utils/Strings.sol";

/// @notice See `IModelShares`.
contract ModelShares is ERC20PermitUpgradeable, ERC20VotesUpgradeable, IModelShares {
    using Strings for uint256;

    /// @dev Offset of a clone's arguments in its code (OpenZeppelin `Clones`).
    uint256 private constant CLONE_ARGS_OFFSET = 0x2d;

    address private immutable REGISTRY;
    ITreasury private immutable TREASURY;

    /// @inheritdoc IModelShares
    uint48 public immutable standing;

    Majority private _majority;

    /// @dev Clones use the immutables of this implementation, which the registry never initializes.
    constructor(address registry, ITreasury treasury, uint48 standing_) {
        REGISTRY = registry;
        TREASURY = treasury;
        standing = standing_;
    }

    /// @inheritdoc IModelShares
    function initialize(address creator) external {
        require(msg.sender == REGISTRY, NotRegistry(msg.sender, REGISTRY));
        _majority = Majority(creator, clock() - standing);
        _mint(creator, SHARE_SUPPLY);
    }

    /// @inheritdoc IModelShares
    function announce() external {
        uint256 votes = getVotes(msg.sender);
        require(votes > SHARE_SUPPLY / 2, MajorityMissing(msg.sender, votes));
        if (_majority.holder == msg.sender) return;

        _majority = Majority(msg.sender, clock());
        emit MajorityAnnounced(msg.sender);
    }

    /// @inheritdoc IModelShares
    function majority() external view returns (Majority memory) {
        return _majority;
    }

    /// @inheritdoc IModelShares
    function controller() external view returns (address) {
        return clock() >= _majority.since + standing ? _majority.holder : address(0);
    }

    /// @inheritdoc IModelShares
    function modelId() public view returns (ModelId id) {
        assembly ("memory-safe") {
            extcodecopy(address(), 0, CLONE_ARGS_OFFSET, 0x20)
            id := mload(0)
        }
    }

    /// @notice "Kinmark model 7 shares" (ERC-20). Also the EIP-712 domain name of permits and delegations.
    function name() public view override returns (string memory) {
        return string.concat("Kinmark model ", ModelId.unwrap(modelId()).toString(), " shares");
    }

    /// @notice "KIN-7" (ERC-20).
    function symbol() public view override returns (string memory) {
        return string.concat("KIN-", ModelId.unwrap(modelId()).toString());
    }

    /// @notice Account that votes with the account's shares: the account itself unless it has delegated.
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

    /// @notice Total supply at any time. No shares are minted or burned after the registration (ERC-5805).
    function getPastTotalSupply(uint256 timepoint) public view override returns (uint256) {
        _validateTimepoint(timepoint);
        return SHARE_SUPPLY;
    }

    /// @dev The supply is constant, so its history is not recorded.
    function _transferVotingUnits(address from, address to, uint256 amount) internal override {
        _moveDelegateVotes(delegates(from), delegates(to), amount);
    }

    /// @dev A majority that falls to half ends at once, even if it is back a call later.
    function _moveDelegateVotes(address from, address to, uint256 amount) internal override {
        super._moveDelegateVotes(from, to, amount);
        if (from != _majority.holder || from == address(0) || getVotes(from) > SHARE_SUPPLY / 2) return;
        _majority.holder = address(0);
        emit MajorityLost(from);
    }

    // forge-lint: disable-next-line(mixed-case-function)
    function _EIP712Name() internal view override returns (string memory) {
        return name();
    }

    // forge-lint: disable-next-line(mixed-case-function)
    function _EIP712Version() internal pure override returns (string memory) {
        return "1";
    }

    /// @dev Delegating to zero means delegating to oneself. Storing zero would remove the votes permanently.
    function _delegate(address account, address delegatee) internal override {
        super._delegate(account, delegatee == address(0) ? account : delegatee);
    }

    /// @dev Records the earnings of both sides before balances change, so that a share never earns payments made before
    /// it was bought. At the mint there are no earnings yet.
    function _update(address from, address to, uint256 value)
        internal
        override(ERC20Upgradeable, ERC20VotesUpgradeable)
    {
        require(to != address(this) && to != address(TREASURY), HolderInvalid(to));

        if (from != address(0)) TREASURY.settle(modelId(), from, to);
        super._update(from, to, value);
    }

    function nonces(address account) public view override(ERC20PermitUpgradeable, NoncesUpgradeable) returns (uint256) {
        return super.nonces(account);
    }
}
