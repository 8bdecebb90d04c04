// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { ModelGovernor } from "../../src/governance/ModelGovernor.sol";
import { IModelGovernor } from "../../src/interfaces/IModelGovernor.sol";
import { IModelRegistry, Terms } from "../../src/interfaces/IModelRegistry.sol";
import { CopyId, ModelId } from "../../src/lib/Types.sol";
import { BaseTest } from "../helpers/BaseTest.sol";
import { IGovernor } from "@openzeppelin/contracts/governance/IGovernor.sol";
import { Initializable } from "@openzeppelin/contracts/proxy/utils/Initializable.sol";

/// @notice One model whose creator sold shares, named a guardian, and holds no announced majority any more.
abstract contract GovernorBase is BaseTest {
    uint8 internal constant AGAINST = 0;
    uint8 internal constant FOR = 1;
    uint256 internal constant DELAY = 1 days;
    uint256 internal constant PERIOD = 7 days;
    uint256 internal constant TIMELOCK = 3 days;

    ModelGovernor internal governor;
    ModelId internal id;

    address[] internal targets;
    uint256[] internal values;
    bytes[] internal calldatas;

    function setUp() public virtual override {
        super.setUp();
        id = _root();
        _offer(id, MINTER);
        governor = ModelGovernor(payable(factory.create(id)));
        vm.prank(CREATOR);
        governor.nameGuardian(CREATOR);
        _give(CREATOR, DERIVER, 500_000e18);
        _give(DERIVER, CREATOR, 500_000e18);
        _give(CREATOR, HOLDER, 300_000e18);
        _give(CREATOR, BUYER, 10_000e18);
        _later(1 hours);
    }

    function _give(address from, address to, uint256 amount) internal {
        address shares = address(_shares(id));
        vm.prank(from);
        (bool done,) = shares.call(abi.encodeWithSignature("transfer(address,uint256)", to, amount));
        vm.assertTrue(done, "transferred");
    }

    function _later(uint256 duration) internal {
        vm.warp(block.timestamp + duration);
    }

    function _only(address target, bytes memory data) internal {
        delete targets;
        delete values;
        delete calldatas;
        targets.push(target);
        values.push(0);
        calldatas.push(data);
    }

    function _priceOf(uint64 price) internal returns (bytes memory) {
        Terms memory terms = registry.terms(id);
        terms.price = price;
        bytes memory data = abi.encodeCall(IModelRegistry.setTerms, (id, terms));
        _only(address(registry), data);
        return data;
    }

    function _propose(address proposer) internal returns (uint256) {
        vm.prank(proposer);
        return governor.propose(targets, values, calldatas, "");
    }

    function _vote(address voter, uint256 proposal, uint8 support) internal {
        vm.prank(voter);
        governor.castVote(proposal, support);
    }

    function _queue() internal {
        governor.queue(targets, values, calldatas, keccak256(""));
    }

    function _execute() internal {
        governor.execute(targets, values, calldatas, keccak256(""));
    }

    function _carry(address voter) internal {
        uint256 proposal = _propose(voter);
        _later(DELAY + 1);
        _vote(voter, proposal, FOR);
        _later(PERIOD);
        _queue();
        _later(TIMELOCK);
        _execute();
    }

    function _assertState(uint256 proposal, IGovernor.ProposalState state) internal view {
        vm.assertEq(uint256(governor.state(proposal)), uint256(state), "state");
    }
}

contract CreateTest is GovernorBase {
    function test_error_InvalidInitialization() public {
        vm.expectRevert(abi.encodeWithSelector(Initializable.InvalidInitialization.selector));
        governor.initialize(id);
    }

    function test_error_unknownModel() public {
        (bool done,) = address(factory).call(abi.encodeCall(factory.create, (_modelId(99))));
        vm.assertFalse(done, "an unknown model has no governor");
    }

    function test_default() public {
        vm.assertTrue(governor.modelId() == id, "model");
        vm.assertEq(governor.proposalGuardian(), CREATOR, "named by the controller");
        vm.assertEq(factory.create(id), address(governor), "creating again returns the same governor");
        vm.assertEq(governor.votingDelay(), DELAY, "delay");
        vm.assertEq(governor.votingPeriod(), PERIOD, "period");
        vm.assertEq(governor.proposalThreshold(), 10_000e18, "proposal threshold");
        vm.assertEq(governor.quorum(START), 100_000e18, "quorum");
        vm.assertTrue(governor.proposalNeedsQueuing(0), "proposals are queued");
    }

    /// The governor controls the model before it is created. Anyone creates it at the predicted address, without a
    /// guardian.
    function test_behavior_createdLater() public {
        ModelId other = _root();
        address predicted = factory.governorOf(other);
        address shares = address(_shares(other));
        vm.prank(CREATOR);
        (bool done,) = shares.call(abi.encodeWithSignature("transfer(address,uint256)", HOLDER, 500_000e18));
        vm.assertTrue(done, "transferred");
        vm.assertEq(registry.controllerOf(other), predicted, "the governor decides");
        vm.prank(STRANGER);
        vm.assertEq(factory.create(other), predicted, "predicted address");
        vm.assertEq(ModelGovernor(payable(predicted)).proposalGuardian(), address(0), "no guardian");
    }

    function test_behavior_rejectsEther() public {
        (bool done,) = address(governor).call{ value: 1 }("");
        vm.assertFalse(done, "ether is rejected");
    }
}

contract ProposeTest is GovernorBase {
    function test_error_belowThreshold() public {
        _priceOf(1);
        _give(BUYER, STRANGER, 1);
        _later(1);
        vm.expectRevert(
            abi.encodeWithSelector(
                IGovernor.GovernorInsufficientProposerVotes.selector, BUYER, 10_000e18 - 1, 10_000e18
            )
        );
        _propose(BUYER);
    }

    /// Earnings are held by the treasury, which no proposal can call. No proposal can move money.
    function test_error_CallForbidden_P41() public {
        _assertForbidden(address(treasury), abi.encodeWithSignature("claim(uint256,address)", 1, STRANGER));
        _assertForbidden(address(usd), abi.encodeWithSignature("transfer(address,uint256)", STRANGER, 1));
        _assertForbidden(address(governor), abi.encodeWithSignature("relay(address,uint256,bytes)", usd, 0, ""));
        _assertForbidden(
            address(registry), abi.encodeWithSignature("transferFrom(address,address,uint256)", governor, STRANGER, 1)
        );
        _assertForbidden(address(registry), abi.encodeWithSignature("approve(address,uint256)", STRANGER, 1));
        _assertForbidden(address(copyRegistry), abi.encodeWithSignature("close(uint256)", 1));
        _assertForbidden(address(registry), abi.encodeWithSelector(IModelRegistry.retire.selector));
        _assertForbidden(address(registry), abi.encodeCall(IModelRegistry.retire, (_modelId(2))));
    }

    function test_error_CallForbidden_any(address target, bytes memory data) public {
        vm.assume(target != address(registry) && target != address(governor));
        _assertForbidden(target, data);
    }

    function test_error_CallForbidden_value() public {
        _priceOf(1);
        values[0] = 1;
        vm.expectRevert(
            abi.encodeWithSelector(IModelGovernor.CallForbidden.selector, registry, IModelRegistry.setTerms.selector, 1)
        );
        _propose(CREATOR);
    }

    function test_error_onlyGovernance() public {
        vm.expectRevert(abi.encodeWithSelector(IGovernor.GovernorOnlyExecutor.selector, STRANGER));
        vm.prank(STRANGER);
        governor.setBeneficiary(STRANGER);
    }

    function _assertForbidden(address target, bytes memory data) private {
        _only(target, data);
        vm.expectRevert(abi.encodeWithSelector(IModelGovernor.CallForbidden.selector, target, bytes4(data), 0));
        _propose(CREATOR);
    }
}

contract VoteTest is GovernorBase {
    /// A vote lasts a week, and its execution waits another three days, so it cannot pass within one weekend.
    function test_behavior_aVoteOutlastsAWeekend_P38() public {
        _priceOf(1);
        uint256 proposal = _propose(HOLDER);
        _later(2 days);
        _vote(HOLDER, proposal, FOR);
        _assertState(proposal, IGovernor.ProposalState.Active);
        _later(6 days + 1);
        _assertState(proposal, IGovernor.ProposalState.Succeeded);
        _queue();
        uint256 eta = governor.proposalEta(proposal);
        vm.expectRevert(abi.encodeWithSelector(IModelGovernor.TimelockRunning.selector, eta - 3 days, eta));
        _execute();
    }

    /// A quorum reached in the last hour leaves three days to vote against it.
    function test_behavior_lateQuorum_P27_P38() public {
        _priceOf(1);
        uint256 proposal = _propose(HOLDER);
        _later(DELAY + PERIOD);
        _vote(HOLDER, proposal, FOR);
        vm.assertEq(governor.proposalDeadline(proposal), block.timestamp + 3 days, "extended");
        _later(2 days);
        _vote(CREATOR, proposal, AGAINST);
        _later(1 days + 1);
        _assertState(proposal, IGovernor.ProposalState.Defeated);
    }

    /// Shares that were never delegated vote for their holders.
    function test_behavior_undelegatedSharesVote_P39() public {
        _priceOf(1);
        uint256 proposal = _propose(HOLDER);
        _later(DELAY + 1);
        _vote(HOLDER, proposal, FOR);
        _vote(BUYER, proposal, AGAINST);
        (uint256 against, uint256 for_,) = governor.proposalVotes(proposal);
        vm.assertEq(for_, 300_000e18, "for");
        vm.assertEq(against, 10_000e18, "against");
    }

    /// Shares borrowed after the snapshot and returned in the same block have no votes.
    function test_behavior_flashLoanedVotes_P40() public {
        _priceOf(1);
        uint256 proposal = _propose(HOLDER);
        _later(DELAY + 1);
        _give(CREATOR, STRANGER, 690_000e18);
        _vote(STRANGER, proposal, FOR);
        _give(STRANGER, CREATOR, 690_000e18);
        (, uint256 for_,) = governor.proposalVotes(proposal);
        vm.assertEq(for_, 0, "no votes");
        _vote(CREATOR, proposal, AGAINST);
        (uint256 against,,) = governor.proposalVotes(proposal);
        vm.assertEq(against, 690_000e18, "the lender kept its votes");
    }

    /// Transfers never let the counted votes exceed all shares.
    function test_behavior_votesNeverExceedTheSupply_P40(uint256 amount, bool before) public {
        amount = _bound(amount, 0, 690_000e18);
        _priceOf(1);
        uint256 proposal = _propose(HOLDER);
        if (before) _give(CREATOR, STRANGER, amount);
        _later(DELAY + 1);
        _vote(CREATOR, proposal, FOR);
        if (!before) _give(CREATOR, STRANGER, amount);
        _vote(STRANGER, proposal, FOR);
        _vote(HOLDER, proposal, FOR);
        _vote(BUYER, proposal, FOR);
        (, uint256 for_,) = governor.proposalVotes(proposal);
        vm.assertEq(for_, 1_000_000e18, "every share counted once");
    }

    function test_behavior_withoutAQuorum() public {
        _priceOf(1);
        uint256 proposal = _propose(BUYER);
        _later(DELAY + 1);
        _vote(BUYER, proposal, FOR);
        _later(PERIOD);
        _assertState(proposal, IGovernor.ProposalState.Defeated);
    }

    function test_behavior_bySignature() public {
        (address voter, uint256 key) = (vm.addr(7), 7);
        _give(CREATOR, voter, 200_000e18);
        _later(1);
        _priceOf(1);
        uint256 proposal = _propose(HOLDER);
        _later(DELAY + 1);
        bytes32 ballot = keccak256(abi.encode(governor.BALLOT_TYPEHASH(), proposal, FOR, voter, 0));
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, _digest("Kinmark model governor", address(governor), ballot));
        vm.prank(STRANGER);
        governor.castVoteBySig(proposal, FOR, voter, abi.encodePacked(r, s, v));
        (, uint256 for_,) = governor.proposalVotes(proposal);
        vm.assertEq(for_, 200_000e18, "counted");
    }

    /// Attack 22: a decision that nobody queues is good for ever.
    function test_audit_22_anUnqueuedDecisionLapses() public {
        _priceOf(1);
        uint256 proposal = _propose(CREATOR);
        _later(DELAY + 1);
        _vote(CREATOR, proposal, FOR);
        _later(PERIOD - 1);
        uint256 deadline = governor.proposalDeadline(proposal);
        vm.warp(deadline + 14 days);
        _assertState(proposal, IGovernor.ProposalState.Succeeded);
        _later(1);
        _assertState(proposal, IGovernor.ProposalState.Expired);
        (bool done,) =
            address(governor).call(abi.encodeCall(governor.queue, (targets, values, calldatas, keccak256(""))));
        vm.assertFalse(done, "it cannot be queued any more");
        vm.assertEq(registry.terms(id).price, 25e6, "nothing changed");
    }

    function test_behavior_expires() public {
        _priceOf(1);
        uint256 proposal = _propose(CREATOR);
        _later(DELAY + 1);
        _vote(CREATOR, proposal, FOR);
        _later(PERIOD);
        _queue();
        _later(TIMELOCK + 14 days);
        _assertState(proposal, IGovernor.ProposalState.Queued);
        _later(1);
        _assertState(proposal, IGovernor.ProposalState.Expired);
    }
}

contract GuardianTest is GovernorBase {
    function test_behavior_cancels() public {
        _priceOf(1);
        uint256 proposal = _propose(HOLDER);
        _later(DELAY + 1);
        _cancel(CREATOR);
        _assertState(proposal, IGovernor.ProposalState.Canceled);
    }

    function test_error_nobodyElseCancels() public {
        _priceOf(1);
        uint256 proposal = _propose(HOLDER);
        _later(DELAY + 1);
        vm.expectRevert(abi.encodeWithSelector(IGovernor.GovernorUnableToCancel.selector, proposal, HOLDER));
        _cancel(HOLDER);
    }

    /// Holders can always replace the guardian.
    function test_error_cannotCancelItsOwnReplacement_P42() public {
        _only(address(governor), abi.encodeCall(governor.setProposalGuardian, (HOLDER)));
        uint256 proposal = _propose(HOLDER);
        vm.expectRevert(abi.encodeWithSelector(IGovernor.GovernorUnableToCancel.selector, proposal, CREATOR));
        _cancel(CREATOR);
        _later(DELAY + 1);
        _vote(HOLDER, proposal, FOR);
        _later(PERIOD);
        _queue();
        _later(TIMELOCK);
        _execute();
        vm.assertEq(governor.proposalGuardian(), HOLDER, "replaced");
    }

    /// Attack 15: a harmless replacement rides along, so that the guardian cannot cancel the rest.
    function test_audit_15_aReplacementStandsAlone() public {
        _only(address(registry), abi.encodeCall(IModelRegistry.retire, (id)));
        targets.push(address(governor));
        values.push(0);
        calldatas.push(abi.encodeCall(governor.setProposalGuardian, (CREATOR)));
        vm.expectRevert(abi.encodeWithSelector(IModelGovernor.GuardianNotAlone.selector));
        _propose(HOLDER);
        _only(address(registry), abi.encodeCall(IModelRegistry.retire, (id)));
        _propose(HOLDER);
        _cancel(CREATOR);
        vm.assertFalse(registry.retired(id), "the guardian stopped it");
    }

    /// Attack 22: anybody creates the governor early, and a former owner keeps its veto.
    function test_audit_22_aFormerOwnerIsNoGuardian() public {
        ModelId other = _root();
        ModelGovernor at_ = ModelGovernor(payable(factory.create(other)));
        vm.assertEq(at_.proposalGuardian(), address(0), "nobody was named");
        vm.prank(CREATOR);
        at_.nameGuardian(CREATOR);
        address shares = address(_shares(other));
        vm.prank(CREATOR);
        (bool sold,) = shares.call(abi.encodeWithSignature("transfer(address,uint256)", DERIVER, 600_000e18));
        vm.assertEq(at_.proposalGuardian(), CREATOR, "until somebody else announces a majority");
        vm.prank(DERIVER);
        (bool announced,) = shares.call(abi.encodeWithSignature("announce()"));
        vm.assertTrue(sold && announced, "sold and announced");
        vm.assertEq(at_.proposalGuardian(), address(0), "the former owner holds no veto");
    }

    /// Only a holder of a majority, while it controls the model, names a guardian.
    function test_error_NotMajority(address caller) public {
        vm.expectRevert(abi.encodeWithSelector(IModelGovernor.NotMajority.selector, caller, governor));
        vm.prank(caller);
        governor.nameGuardian(caller);
    }

    function _cancel(address caller) private {
        vm.prank(caller);
        governor.cancel(targets, values, calldatas, keccak256(""));
    }
}

contract BeneficiaryTest is GovernorBase {
    function test_default() public {
        _give(CREATOR, address(governor), 100_000e18);
        _pay(id, 100e6);
        vm.assertEq(governor.forward(), 0, "without a beneficiary the money stays");
        _only(address(governor), abi.encodeCall(governor.setBeneficiary, (STRANGER)));
        _carry(CREATOR);
        vm.assertEq(governor.forward(), 9e6, "a tenth of 90 USDC");
        vm.assertEq(usd.balanceOf(STRANGER), 9e6, "paid");
        vm.assertEq(treasury.claimable(id, HOLDER), 27e6, "earnings of others are untouched");
    }

    function test_error_BeneficiaryInvalid() public {
        _only(address(governor), abi.encodeCall(governor.setBeneficiary, (address(treasury))));
        uint256 proposal = _propose(CREATOR);
        _later(DELAY + 1);
        _vote(CREATOR, proposal, FOR);
        _later(PERIOD);
        _queue();
        _later(TIMELOCK);
        vm.expectRevert(abi.encodeWithSelector(IModelGovernor.BeneficiaryInvalid.selector, treasury));
        _execute();
    }
}

/// @notice Holders vote a new price, and old copies keep their terms.
contract PriceStoryTest is GovernorBase {
    function test_story_holdersVoteANewPriceAndOldCopiesKeepTheirs_P2() public {
        CopyId old = _order(BUYER, id);
        bytes32 before = keccak256(abi.encode(copyRegistry.copies(old)));
        _priceOf(40e6);
        _carry(HOLDER);
        vm.assertEq(registry.terms(id).price, 40e6, "the new price");
        vm.assertEq(keccak256(abi.encode(copyRegistry.copies(old))), before, "the old copy is unchanged");

        CopyId later = _order(STRANGER, id);
        vm.assertEq(copyRegistry.copies(later).price, 40e6, "a new copy costs the new price");
        vm.assertEq(copyRegistry.copies(old).price, 25e6, "the old copy keeps its price");
    }

    function test_behavior_mintersAndKeyPools() public {
        _only(address(registry), abi.encodeCall(IModelRegistry.nameMinter, (id, STRANGER, true)));
        _carry(CREATOR);
        vm.assertTrue(registry.minterNamed(id, STRANGER), "named by a vote");
        _only(address(registry), abi.encodeCall(IModelRegistry.addVersion, (id, MANIFEST_ROOT, URI)));
        _carry(CREATOR);
        _only(address(registry), abi.encodeCall(IModelRegistry.commitKeyPool, (id, 2, KEY_POOL_ROOT)));
        _carry(CREATOR);
        vm.assertEq(registry.keyPool(id, 2).root, KEY_POOL_ROOT, "committed by a vote");
    }

    function test_behavior_versionAndRetirement() public {
        _only(address(registry), abi.encodeCall(IModelRegistry.addVersion, (id, MANIFEST_ROOT, URI)));
        _carry(CREATOR);
        vm.assertEq(registry.versionCount(id), 2, "two versions");
        _only(address(registry), abi.encodeCall(IModelRegistry.retire, (id)));
        _carry(CREATOR);
        vm.assertTrue(registry.retired(id), "retired");
    }
}
