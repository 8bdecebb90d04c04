// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { Copy, ICopyRegistry, State } from "../../src/interfaces/ICopyRegistry.sol";
import { BURNED, CopyId, ModelId } from "../../src/lib/Types.sol";
import { BaseTest } from "../helpers/BaseTest.sol";

contract SetCourtsTest is BaseTest {
    function test_error_NotDeployer(address caller) public {
        vm.assume(caller != address(this));
        vm.expectRevert(abi.encodeWithSelector(ICopyRegistry.NotDeployer.selector, caller, address(this)));
        vm.prank(caller);
        copyRegistry.setCourts(new address[](1));
    }

    function test_error_CourtsAlreadySet() public {
        vm.expectRevert(abi.encodeWithSelector(ICopyRegistry.CourtsAlreadySet.selector));
        copyRegistry.setCourts(new address[](1));
    }

    function test_default(address account) public view {
        vm.assertTrue(copyRegistry.isCourt(account) == (account == COURT), "only the court");
    }
}

contract DisputeTest is BaseTest {
    ModelId private root;

    function setUp() public override {
        super.setUp();
        root = _root();
    }

    function test_error_NotCourt(address caller) public {
        vm.assume(caller != COURT);
        CopyId id = _active(BUYER, root);
        bytes memory refused = abi.encodeWithSelector(ICopyRegistry.NotCourt.selector, caller);
        vm.expectRevert(refused);
        vm.prank(caller);
        copyRegistry.openDispute(id);
        vm.expectRevert(refused);
        vm.prank(caller);
        copyRegistry.closeDispute(id);
        vm.expectRevert(refused);
        vm.prank(caller);
        copyRegistry.slash(id, 1, type(uint256).max, "offence");
    }

    /// A copy cannot be disputed before delivery or after its collateral was returned.
    function test_error_NothingAtStake() public {
        _expectNothing(_copyId(99), State.None);
        _expectNothing(_order(BUYER, root), State.Ordered);
        CopyId id = _closing(BUYER, root);
        vm.warp(START + THAW);
        copyRegistry.withdraw(id);
        _expectNothing(id, State.Closed);
    }

    function test_error_NothingAtStake_slashed() public {
        CopyId id = _active(BUYER, root);
        vm.prank(COURT);
        copyRegistry.slash(id, 50e6, type(uint256).max, "offence");
        _expectNothing(id, State.Active);
        vm.prank(BUYER);
        copyRegistry.close(id);
        _expectNothing(id, State.Closing);
    }

    function test_error_NoDisputeOpen() public {
        CopyId id = _active(BUYER, root);
        vm.expectRevert(abi.encodeWithSelector(ICopyRegistry.NoDisputeOpen.selector, id));
        vm.prank(COURT);
        copyRegistry.closeDispute(id);
    }

    /// An open dispute delays only the withdrawal of collateral, not acceptance or closing.
    function test_default_onlyTheWithdrawalWaits() public {
        CopyId id = _delivered(BUYER, root);
        vm.expectEmit(address(copyRegistry));
        emit ICopyRegistry.DisputeOpened(id, COURT, 1);
        vm.prank(COURT);
        copyRegistry.openDispute(id);
        vm.prank(BUYER);
        copyRegistry.accept(id);
        vm.prank(BUYER);
        copyRegistry.close(id);
        vm.expectEmit(address(copyRegistry));
        emit ICopyRegistry.DisputeClosed(id, COURT, 0);
        vm.prank(COURT);
        copyRegistry.closeDispute(id);
    }

    function _expectNothing(CopyId id, State state) private {
        vm.expectRevert(abi.encodeWithSelector(ICopyRegistry.NothingAtStake.selector, id, state));
        vm.prank(COURT);
        copyRegistry.openDispute(id);
    }
}

contract SlashTest is BaseTest {
    ModelId private root;
    CopyId private id;

    function setUp() public override {
        super.setUp();
        root = _root();
        id = _active(BUYER, root);
    }

    function test_error_OffencePunished_P24() public {
        _slash(10e6, "one");
        vm.expectRevert(abi.encodeWithSelector(ICopyRegistry.OffencePunished.selector, bytes32("one")));
        _slash(10e6, "one");
    }

    /// A second offence with the same content is punished too, because offences have their own keys.
    function test_behavior_aSecondOffence_P23() public {
        _slash(10e6, "one");
        vm.assertEq(_slash(10e6, "two"), 10e6, "amount taken again");
        vm.assertEq(copyRegistry.copies(id).collateral, 30e6, "left");
        _assertState(id, State.Active);
    }

    function test_behavior_neverMoreThanIsLeft_P21(uint256 claimed, uint256 again) public {
        claimed = _bound(claimed, 0, type(uint256).max);
        uint256 first = _slash(claimed, "one");
        vm.assertEq(first, claimed < 50e6 ? claimed : 50e6, "at most the collateral");
        uint256 second = _slash(again, "two");
        vm.assertEq(second, again < 50e6 - first ? again : 50e6 - first, "at most the remaining collateral");
        vm.assertEq(copyRegistry.copies(id).collateral, 50e6 - first - second, "left");
        vm.assertEq(usd.balanceOf(address(copyRegistry)), 50e6 - first - second, "the registry holds the rest");
    }

    /// A host that slashes itself through an accomplice loses more than half, and the bounty is capped besides.
    function test_behavior_selfSlashingLosesMoreThanHalf_P22(uint96 claimed, uint96 maxBounty) public {
        claimed = uint96(_bound(claimed, 1, 50e6));
        vm.prank(COURT);
        (uint256 taken, uint256 bounty) = copyRegistry.slash(id, claimed, maxBounty, "one");
        vm.assertLe(bounty * 2, taken, "at most half is a bounty");
        vm.assertLe(bounty, maxBounty, "at most what the court asked for");
        vm.assertEq(usd.balanceOf(COURT), bounty, "the court holds the bounty");
        vm.assertEq(treasury.credit(BURNED), taken - bounty, "everything else is burned");
        vm.assertEq(treasury.earned(root), 22.5e6, "the model earns nothing by it");
    }

    function test_default() public {
        vm.expectEmit(address(copyRegistry));
        emit ICopyRegistry.Slashed(id, COURT, "one", 50e6, 20e6, 0);
        _slash(type(uint256).max, "one");
        _assertPunished(id);
        vm.assertTrue(copyRegistry.punished("one"), "punished");
        vm.assertEq(usd.balanceOf(COURT), 20e6, "the bounty");
        vm.assertEq(treasury.credit(BURNED), 30e6, "burned");
        vm.assertFalse(copyRegistry.isActiveHolder(id, root, BUYER), "the licence ended");
    }

    /// However large the collateral, a conviction takes it.
    function test_behavior_hugeCollateral_P21(uint64 amount) public {
        _fund(HOLDER, address(copyRegistry), amount);
        vm.prank(HOLDER);
        copyRegistry.addCollateral(id, amount);
        vm.assertEq(_slash(type(uint256).max, "one"), 50e6 + uint256(amount), "all of it");
        _assertPunished(id);
    }

    /// A copy that leaks before acceptance loses its collateral. Its price is still owed.
    function test_behavior_slashedBeforeAcceptance() public {
        id = _delivered(BUYER, root);
        _slash(50e6, "one");
        _assertState(id, State.Delivered);
        vm.prank(BUYER);
        copyRegistry.accept(id);
        vm.assertEq(copyRegistry.copies(id).collateral, 0, "nothing left");
    }

    function _slash(uint256 claimed, bytes32 offence) private returns (uint256 taken) {
        vm.prank(COURT);
        (taken,) = copyRegistry.slash(id, claimed, type(uint256).max, offence);
    }
}

contract AddCollateralTest is BaseTest {
    function test_error_WrongState() public {
        CopyId id = _delivered(BUYER, _root());
        vm.expectRevert(abi.encodeWithSelector(ICopyRegistry.WrongState.selector, id, State.Delivered, State.Active));
        copyRegistry.addCollateral(id, 1);
    }

    function test_default(uint64 amount) public {
        CopyId id = _active(BUYER, _root());
        _fund(HOLDER, address(copyRegistry), amount);
        vm.expectEmit(address(copyRegistry));
        emit ICopyRegistry.CollateralAdded(id, HOLDER, amount, 50e6 + uint256(amount));
        vm.prank(HOLDER);
        copyRegistry.addCollateral(id, amount);
        vm.prank(BUYER);
        copyRegistry.close(id);
        vm.warp(START + THAW);
        vm.prank(BUYER);
        copyRegistry.withdraw(id);
        vm.assertEq(usd.balanceOf(BUYER), 50e6 + uint256(amount), "returns with the rest");
    }
}
