// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { IModelRegistry } from "../../src/interfaces/IModelRegistry.sol";
import { ITreasury } from "../../src/interfaces/ITreasury.sol";
import { ModelId } from "../../src/lib/Types.sol";
import { BaseTest } from "../helpers/BaseTest.sol";

contract FlowTest is BaseTest {
    ModelId internal root;
    ModelId internal child;

    function setUp() public override {
        super.setUp();
        root = _root();
        child = _register(DERIVER, _terms(), _refs(root));
    }

    function test_error_EdgeUnknown() public {
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.EdgeUnknown.selector, root, child));
        treasury.flow(root, child);
    }

    function test_default(uint80 amount) public {
        _pay(child, amount);
        uint256 royalty = treasury.received(child) * 1000 / 10_000;
        vm.assertEq(treasury.edgeAccrued(child, root), royalty, "10 % of the rest");
        if (royalty > 0) {
            vm.expectEmit(address(treasury));
            emit ITreasury.Flowed(child, root, royalty);
        }
        vm.prank(STRANGER);
        vm.assertEq(treasury.flow(child, root), royalty, "moved");
        vm.assertEq(treasury.edgeAccrued(child, root), 0, "nothing is left");
        vm.assertEq(treasury.received(root), royalty, "the parent received it");
        vm.assertEq(treasury.claimable(root, CREATOR), royalty, "no second cut");
        vm.assertEq(treasury.credit(STRANGER), 0, "the caller earns nothing");
    }

    /// A second call moves nothing and does not revert, so an earlier caller cannot break a batch.
    function test_behavior_flowingTwiceMovesOnce_P1_P13_P14() public {
        _pay(child, 100e6);
        vm.assertEq(treasury.flow(child, root), 9e6, "first");
        vm.assertEq(treasury.flow(child, root), 0, "second");
        vm.assertEq(treasury.received(root), 9e6, "received once");
    }

    /// Regardless of the order of payments and flows, the edge pays the floor of its exact part.
    function test_behavior_fractionsStayOnTheEdge_P12(uint64[8] memory amounts, uint8 flows) public {
        for (uint256 i; i < amounts.length; ++i) {
            _pay(child, amounts[i]);
            if (flows & (1 << i) != 0) treasury.flow(child, root);
        }
        treasury.flow(child, root);
        vm.assertEq(treasury.received(root), treasury.received(child) * 1000 / 10_000, "floor of the whole");
    }

    function test_behavior_anEdgeWithoutRoyalty() public {
        ModelId free = _register(CREATOR, _termsWith(0, DERIVE | FREE_TO_DERIVE), _refs());
        ModelId derived = _register(DERIVER, _terms(), _refs(free));
        _pay(derived, 100e6);
        vm.assertEq(treasury.flow(derived, free), 0, "nothing is owed");
        vm.assertEq(treasury.claimable(derived, DERIVER), 90e6, "the deriver keeps all");
    }
}
