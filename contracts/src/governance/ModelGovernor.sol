// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { IModelGovernor } from "../interfaces/IModelGovernor.sol";
import { IModelRegistry } from "../interfaces/IModelRegistry.sol";
import { IModelShares } from "../interfaces/IModelShares.sol";
import { ITreasury } from "../interfaces/ITreasury.sol";
import { ModelId, SHARE_SUPPLY } from "../lib/Types.sol";
import { GovernorUpgradeable } from "@openzeppelin/contracts-upgradeable/governance/GovernorUpgradeable.sol";
import {
    GovernorCountingSimpleUpgradeable
} from "@openzeppelin/contracts-upgradeable/governance/extensions/GovernorCountingSimpleUpgradeable.sol";
import {
    GovernorPreventLateQuorumUpgradeable
} from "@openzeppelin/contracts-upgradeable/governance/extensions/GovernorPreventLateQuorumUpgradeable.sol";
import {
    GovernorProposalGuardianUpgradeable
} from "@openzeppelin/contracts-upgradeable/governance/extensions/GovernorProposalGuardianUpgradeable.sol";
import {
    GovernorVotesUpgradeable
} from "@openzeppelin/contracts-upgradeable/governance/extensions/GovernorVotesUpgradeable.sol";
import { IVotes } from "@openzeppelin/contracts/governance/utils/IVotes.sol";
import { IERC20 } from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import { SafeERC20 } from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

/// @notice See `IModelGovernor`.
contract ModelGovernor is
    GovernorUpgradeable,
    GovernorCountingSimpleUpgradeable,
    GovernorVotesUpgradeable,
    GovernorPreventLateQuorumUpgradeable,
    GovernorProposalGuardianUpgradeable,
    IModelGovernor
{
    using SafeERC20 for IERC20;

    uint48 private constant LATE_QUORUM_EXTENSION = 3 days;
    uint48 private constant TIMELOCK = 3 days;
    uint48 private constant EXECUTION_WINDOW = 14 days;

    IERC20 private immutable USD;
    IModelRegistry private immutable REGISTRY;
    ITreasury private immutable TREASURY;

    /// @inheritdoc IModelGovernor
    ModelId public modelId;
    /// @inheritdoc IModelGovernor
    address public beneficiary;

    /// @dev Announcement under which the guardian was named. It counts until there is another.
    uint48 private _guardianSince;
    mapping(uint256 proposalId => bool) private _replacesGuardian;

    /// @dev Clones use the immutables of this implementation, which itself can never be initialized.
    constructor(IERC20 usd, IModelRegistry registry, ITreasury treasury) {
        USD = usd;
        REGISTRY = registry;
        TREASURY = treasury;
        _disableInitializers();
    }

    /// @dev The governor has no use for ether and no way to send it.
    receive() external payable override {
        revert GovernorDisabledDeposit();
    }

    /// @inheritdoc IModelGovernor
    function initialize(ModelId id) external initializer {
        modelId = id;
        __Governor_init("Kinmark model governor");
        __GovernorVotes_init(IVotes(REGISTRY.shares(id)));
        __GovernorPreventLateQuorum_init(LATE_QUORUM_EXTENSION);
    }

    /// @inheritdoc IModelGovernor
    function nameGuardian(address guardian) external {
        address controller = REGISTRY.controllerOf(modelId);
        require(msg.sender == controller && msg.sender != address(this), NotMajority(msg.sender, controller));

        _setProposalGuardian(guardian);
    }

    /// @inheritdoc IModelGovernor
    function setBeneficiary(address account) external onlyGovernance {
        require(account != address(this) && account != address(TREASURY), BeneficiaryInvalid(account));

        beneficiary = account;
        emit BeneficiarySet(account);
    }

    /// @inheritdoc IModelGovernor
    function forward() external returns (uint256 amount) {
        address to = beneficiary;
        if (to == address(0)) return 0;

        TREASURY.claim(modelId, address(this));
        amount = USD.balanceOf(address(this));
        emit Forwarded(to, amount);

        USD.safeTransfer(to, amount);
    }

    /* RULES */

    function votingDelay() public pure override returns (uint256) {
        return 1 days;
    }

    function votingPeriod() public pure override returns (uint256) {
        return 7 days;
    }

    function proposalThreshold() public pure override returns (uint256) {
        return SHARE_SUPPLY / 100;
    }

    /// @notice A tenth of all shares. Their number never changes.
    function quorum(uint256) public pure override returns (uint256) {
        return SHARE_SUPPLY / 10;
    }

    function proposalNeedsQueuing(uint256) public pure override returns (bool) {
        return true;
    }

    /// @notice A decision that was not queued or not executed in time has expired.
    function state(uint256 proposalId) public view override returns (ProposalState) {
        ProposalState current = super.state(proposalId);
        uint256 from = type(uint256).max - EXECUTION_WINDOW;
        if (current == ProposalState.Succeeded) from = proposalDeadline(proposalId);
        if (current == ProposalState.Queued) from = proposalEta(proposalId);
        return block.timestamp > from + EXECUTION_WINDOW ? ProposalState.Expired : current;
    }

    /// @notice Account that may cancel proposals; zero if none was named since the last announcement.
    function proposalGuardian() public view override returns (address) {
        return _guardianSince == _announcedAt() ? super.proposalGuardian() : address(0);
    }

    function proposalDeadline(uint256 proposalId)
        public
        view
        override(GovernorUpgradeable, GovernorPreventLateQuorumUpgradeable)
        returns (uint256)
    {
        return super.proposalDeadline(proposalId);
    }

    /* INTERNAL */

    function _propose(
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        string memory description,
        address proposer
    ) internal override returns (uint256 proposalId) {
        proposalId = super._propose(targets, values, calldatas, description, proposer);
        for (uint256 i; i < targets.length; ++i) {
            bytes4 selector = bytes4(calldatas[i]);
            require(
                values[i] == 0 && _allowed(targets[i], selector, calldatas[i]),
                CallForbidden(targets[i], selector, values[i])
            );
            if (selector == this.setProposalGuardian.selector) {
                require(targets.length == 1, GuardianNotAlone());
                _replacesGuardian[proposalId] = true;
            }
        }
    }

    /// @dev The first argument of each allowed registry call is a model, which must be this one.
    function _allowed(address target, bytes4 selector, bytes memory data) private view returns (bool) {
        if (target == address(this)) {
            return selector == this.setBeneficiary.selector || selector == this.setProposalGuardian.selector;
        }
        if (target != address(REGISTRY) || data.length < 36) return false;
        bool listed = selector == IModelRegistry.setTerms.selector || selector == IModelRegistry.addVersion.selector
            || selector == IModelRegistry.retire.selector || selector == IModelRegistry.nameMinter.selector
            || selector == IModelRegistry.commitKeyPool.selector;
        uint256 first;
        assembly ("memory-safe") {
            first := mload(add(data, 36))
        }
        return listed && first == ModelId.unwrap(modelId);
    }

    function _setProposalGuardian(address guardian) internal override {
        _guardianSince = _announcedAt();
        super._setProposalGuardian(guardian);
    }

    function _announcedAt() private view returns (uint48) {
        return IModelShares(address(token())).majority().since;
    }

    function _queueOperations(uint256, address[] memory, uint256[] memory, bytes[] memory, bytes32)
        internal
        view
        override
        returns (uint48)
    {
        return uint48(block.timestamp) + TIMELOCK;
    }

    function _executeOperations(
        uint256 proposalId,
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal override {
        uint256 eta = proposalEta(proposalId);
        require(block.timestamp >= eta, TimelockRunning(block.timestamp, eta));

        super._executeOperations(proposalId, targets, values, calldatas, descriptionHash);
    }

    function _validateCancel(uint256 proposalId, address caller)
        internal
        view
        override(GovernorUpgradeable, GovernorProposalGuardianUpgradeable)
        returns (bool)
    {
        if (_replacesGuardian[proposalId] && caller == proposalGuardian()) return false;
        return super._validateCancel(proposalId, caller);
    }

    function _tallyUpdated(uint256 proposalId)
        internal
        override(GovernorUpgradeable, GovernorPreventLateQuorumUpgradeable)
    {
        super._tallyUpdated(proposalId);
    }
}
